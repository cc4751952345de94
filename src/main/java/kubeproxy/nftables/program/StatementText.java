package kubeproxy.nftables.program;

import java.util.List;
import java.util.stream.Collectors;
import kubeproxy.model.IpFamily;

/// Rules in the syntax of the `nft` tool.
final class StatementText {
  private final IpFamily family;

  StatementText(IpFamily family) {
    this.family = family;
  }

  static String ip(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }

  String rule(Rule rule) {
    String statements =
        rule.statements().stream().map(this::statement).collect(Collectors.joining(" "));
    return rule.comment().isEmpty()
        ? statements
        : statements + " comment \"" + rule.comment() + "\"";
  }

  private String statement(Statement statement) {
    return switch (statement) {
      case Statement.NewConnection() -> "ct state new";
      case Statement.DestinationTranslated() -> "ct status dnat";
      case Statement.IsProtocol(var protocol) -> "meta l4proto " + protocol.lowerCase();
      case Statement.InPrefix(var field, boolean negated, var prefix) ->
          field.text(family) + " " + not(negated) + prefix;
      case Statement.InputInterface(boolean negated, String name, boolean prefix) ->
          "iifname " + not(negated) + "\"" + name + (prefix ? "*" : "") + "\"";
      case Statement.MarkHas(int mask) -> "meta mark & " + hex(mask) + " != 0";
      case Statement.IsLocal(var field) -> "fib " + direction(field) + " type local";
      case Statement.InSet(var key, boolean negated, NamedSet set) ->
          key(key) + " " + not(negated) + "@" + set.text();
      case Statement.VerdictOf(var key, NamedSet map) -> key(key) + " vmap @" + map.text();
      case Statement.TranslateTo(var key, NamedSet map) ->
          "dnat " + ip(family) + " to " + key(key) + " map @" + map.text();
      case Statement.Learn(NamedSet map, var key, var value, int timeoutSeconds) ->
          "update @%s { %s timeout %ds : %s }"
              .formatted(map.text(), key(key), timeoutSeconds, key(value));
      case Statement.SetMark(int mask) -> "meta mark set meta mark or " + hex(mask);
      case Statement.FlipMark(int mask) -> "meta mark set meta mark xor " + hex(mask);
      case Statement.Masquerade() -> "masquerade fully-random";
      case Statement.Reject() -> "reject";
      case Statement.ResetTcp() -> "reject with tcp reset";
      case Statement.Drop() -> "drop";
      case Statement.Jump(String chain) -> "jump " + chain;
      case Statement.Goto(String chain) -> "goto " + chain;
    };
  }

  private String key(List<? extends Field> fields) {
    return fields.stream().map(field -> field.text(family)).collect(Collectors.joining(" . "));
  }

  private static String not(boolean negated) {
    return negated ? "!= " : "";
  }

  private static String direction(Field.Packet field) {
    return field == Field.Packet.SOURCE_ADDRESS ? "saddr" : "daddr";
  }

  private static String hex(int mask) {
    return "0x%08x".formatted(mask);
  }
}
