package kubeproxy.iptables.program;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Writes rules of one family in the form that `iptables-save` gives them. Used by one thread.
public final class RuleText {
  /// Characters that `iptables-save` leaves unquoted.
  private static final String UNQUOTED = "_-";

  /// What REJECT answers TCP with if it is told to.
  static final String RESET = "tcp-reset";

  private final IpFamily family;

  /// By their number; null for those never asked for.
  private final List<@Nullable String> probabilities = new ArrayList<>();

  public RuleText(IpFamily family) {
    this.family = family;
  }

  /// A rule as text, without an end of line.
  public String print(String chain, Rule rule) {
    ByteText text = new ByteText();
    write(text, "-A ", chain, rule);
    text.truncate(text.length() - 1);
    return text.toString();
  }

  /// Writes a rule and an end of line.
  ///
  /// @param command what to do with it, with a space at its end, as `-A `
  public void write(ByteText to, String command, String chain, Rule rule) {
    to.add(command).add(chain);
    block(to, rule.source(), 's');
    block(to, rule.destination(), 'd');
    Rule.Interface incoming = rule.incoming();
    if (incoming != null) {
      to.add(incoming.negated() ? " ! -i " : " -i ").add(incoming.name());
    }
    Protocol protocol = rule.protocol();
    if (protocol != null) {
      to.add(" -p ").add(protocol.lowerCase());
    }
    for (Match match : rule.matches()) {
      match(to, match);
    }
    target(to, rule.target());
    to.add('\n');
  }

  private static void block(ByteText to, Rule.@Nullable Block block, char option) {
    if (block != null) {
      IpPrefix prefix = block.prefix();
      to.add(block.negated() ? " ! -" : " -").add(option).add(' ');
      to.add(prefix.address()).add('/').add(prefix.length());
    }
  }

  private void match(ByteText to, Match match) {
    switch (match) {
      case Match.Comment(String text) -> quoted(to.add(" -m comment --comment "), text);
      case Match.Transport(Protocol protocol, int port) -> {
        to.add(" -m ").add(protocol.lowerCase());
        if (port != 0) {
          to.add(" --dport ").add(port);
        }
      }
      case Match.ConnectionState(boolean negated, String states) ->
          to.add(" -m conntrack ").add(negated ? "! " : "").add("--ctstate ").add(states);
      case Match.Mark(boolean negated, int bits) -> {
        String hex = hex(bits);
        to.add(" -m mark ").add(negated ? "! " : "").add("--mark ").add(hex).add('/').add(hex);
      }
      case Match.OneIn(int of) ->
          to.add(" -m statistic --mode random --probability ").add(probability(of));
      case Match.OnList(String list, int seconds) ->
          list(to.add(" -m recent --rcheck --seconds ").add(seconds).add(" --reap"), list);
      case Match.PutOnList(String list) -> list(to.add(" -m recent --set"), list);
      case Match.LocalAddress(boolean destination) ->
          to.add(" -m addrtype ").add(destination ? "--dst-type" : "--src-type").add(" LOCAL");
      case Match.InSet(String set, String directions) ->
          to.add(" -m set --match-set ").add(set).add(' ').add(directions);
      case Match.Counted(String object) -> to.add(" -m nfacct --nfacct-name  ").add(object);
    }
  }

  private void list(ByteText to, String list) {
    to.add(" --name ").add(list).add(" --mask ").add(wholeMask(family)).add(" --rsource");
  }

  /// The mask under which every address is another one.
  static String wholeMask(IpFamily family) {
    return switch (family) {
      case IPV4 -> "255.255.255.255";
      case IPV6 -> "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    };
  }

  /// What REJECT answers with if it is told nothing.
  static String refusal(IpFamily family) {
    return switch (family) {
      case IPV4 -> "icmp-port-unreachable";
      case IPV6 -> "icmp6-port-unreachable";
    };
  }

  private void target(ByteText to, Target target) {
    switch (target) {
      case Target.None() -> {}
      case Target.Jump(String chain) -> to.add(" -j ").add(chain);
      case Target.Accept() -> to.add(" -j ACCEPT");
      case Target.Drop() -> to.add(" -j DROP");
      case Target.Return() -> to.add(" -j RETURN");
      case Target.Reject(boolean reset) ->
          to.add(" -j REJECT --reject-with ").add(reset ? RESET : refusal(family));
      case Target.SetMark(int bits) -> {
        String hex = hex(bits);
        to.add(" -j MARK --set-xmark ").add(hex).add('/').add(hex);
      }
      case Target.FlipMark(int bits) -> to.add(" -j MARK --set-xmark ").add(hex(bits)).add("/0x0");
      case Target.Masquerade(boolean randomFully) ->
          to.add(" -j MASQUERADE").add(randomFully ? " --random-fully" : "");
      case Target.Translate(Backend backend) -> {
        to.add(" -j DNAT --to-destination ");
        switch (family) {
          case IPV4 -> to.add(backend.address());
          case IPV6 -> to.add('[').add(backend.address()).add(']');
        }
        to.add(':').add(backend.port());
      }
    }
  }

  static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }

  private String probability(int of) {
    while (probabilities.size() <= of) {
      probabilities.add(null);
    }
    String known = probabilities.get(of);
    if (known == null) {
      known = Probability.text(of);
      probabilities.set(of, known);
    }
    return known;
  }

  private static void quoted(ByteText to, String text) {
    if (isPlain(text)) {
      to.add(text);
      return;
    }
    to.add('"');
    if (text.indexOf('"') < 0 && text.indexOf('\\') < 0 && text.indexOf('\'') < 0) {
      to.add(text);
    } else {
      to.add(text.replaceAll("[\"\\\\']", "\\\\$0"));
    }
    to.add('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && UNQUOTED.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
