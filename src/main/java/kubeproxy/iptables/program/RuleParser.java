package kubeproxy.iptables.program;

import java.util.Optional;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Reads the rules that we write, as any version of the tools may print them: options in another
/// order, `/32` left out. A rule that says anything else is not of our making.
public final class RuleParser {
  private final IpFamily family;
  private final Tokens tokens;
  private final Rule.Builder rule = Rule.builder();
  private @Nullable Protocol protocol;
  private @Nullable Target target;

  /// Whether a `!` stands before the option.
  private boolean negated;

  private RuleParser(IpFamily family, String line) {
    this.family = family;
    this.tokens = new Tokens(line);
  }

  /// A rule and the chain it stands in.
  public record Placed(String chain, Rule rule) {}

  /// Reads a line like `-A KUBE-SERVICES ...`.
  ///
  /// @return empty if it is no rule that we could have written
  public static Optional<Placed> parse(IpFamily family, String line) {
    return new RuleParser(family, line).parse();
  }

  private Optional<Placed> parse() {
    String command = tokens.next();
    String chain = tokens.next();
    if (!"-A".equals(command) || chain == null) {
      return Optional.empty();
    }
    while (tokens.hasNext()) {
      String option = tokens.next();
      boolean known =
          option != null && (option.equals("!") ? negate() : basic(option) || module(option));
      if (!known) {
        return Optional.empty();
      }
    }
    Target end = target == null ? new Target.None() : target;
    return negated ? Optional.empty() : Optional.of(new Placed(chain, rule.then(end)));
  }

  private boolean negate() {
    boolean first = !negated;
    negated = true;
    return first;
  }

  private boolean takeNegation() {
    boolean was = negated;
    negated = false;
    return was;
  }

  private boolean basic(String option) {
    return switch (option) {
      case "-s" -> block().map(rule::from).isPresent();
      case "-d" -> block().map(rule::to).isPresent();
      case "-i" -> incoming(tokens.next());
      case "-p" -> protocolOnly(protocol(tokens.next()));
      case "-j" -> target == null && !negated && target(tokens.next());
      default -> false;
    };
  }

  private Optional<Rule.Block> block() {
    return prefix(tokens.next()).map(prefix -> new Rule.Block(takeNegation(), prefix));
  }

  private boolean incoming(@Nullable String name) {
    if (name != null) {
      rule.by(new Rule.Interface(takeNegation(), name));
    }
    return name != null;
  }

  private boolean protocolOnly(@Nullable Protocol only) {
    protocol = only;
    if (only != null && !negated) {
      rule.protocol(only);
      return true;
    }
    return false;
  }

  private Optional<IpPrefix> prefix(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    return text.indexOf('/') < 0
        ? IpAddress.parse(text).map(IpPrefix::ofSingle)
        : IpPrefix.parse(text);
  }

  private static @Nullable Protocol protocol(@Nullable String text) {
    for (Protocol each : Protocol.values()) {
      if (each.lowerCase().equals(text)) {
        return each;
      }
    }
    return null;
  }

  private boolean module(String option) {
    if (!option.equals("-m") || negated) {
      return false;
    }
    String module = tokens.next();
    Match match =
        switch (module) {
          case "comment" -> after("--comment", Match.Comment::new);
          case "tcp", "udp", "sctp" -> transport(module);
          case "conntrack" -> {
            boolean not = skip("!");
            yield after("--ctstate", states -> new Match.ConnectionState(not, states));
          }
          case "mark" -> {
            boolean not = skip("!");
            yield after("--mark", text -> mark(not, text));
          }
          case "statistic" ->
              skip("--mode") && skip("random") ? after("--probability", this::oneIn) : null;
          case "recent" -> recent();
          case "addrtype" -> localAddress();
          case "set" -> after("--match-set", this::inSet);
          case "nfacct" -> after("--nfacct-name", Match.Counted::new);
          case null, default -> null;
        };
    if (match == null) {
      return false;
    }
    rule.match(match);
    return true;
  }

  /// Makes something of the word after an option.
  private interface OfText {
    @Nullable Match make(String text);
  }

  private @Nullable Match after(String option, OfText kind) {
    String text = skip(option) ? tokens.next() : null;
    return text == null ? null : kind.make(text);
  }

  /// Takes the next word if it is this.
  private boolean skip(String word) {
    if (!word.equals(tokens.peek())) {
      return false;
    }
    tokens.next();
    return true;
  }

  private @Nullable Match transport(String module) {
    Protocol own = protocol(module);
    if (own == null || own != protocol) {
      return null;
    }
    if (!skip("--dport")) {
      return new Match.Transport(own, 0);
    }
    int port = number(tokens.next());
    return port <= 0 || port > 0xffff ? null : new Match.Transport(own, port);
  }

  private static @Nullable Match mark(boolean negated, String text) {
    int slash = text.indexOf('/');
    return slash > 0 && text.substring(0, slash).equals(text.substring(slash + 1))
        ? hex(text.substring(0, slash)).map(bits -> new Match.Mark(negated, bits)).orElse(null)
        : null;
  }

  private @Nullable Match oneIn(String text) {
    int of = Probability.parse(text);
    return of < 2 ? null : new Match.OneIn(of);
  }

  private @Nullable Match localAddress() {
    boolean destination = skip("--dst-type");
    if (!destination && !skip("--src-type")) {
      return null;
    }
    return skip("LOCAL") ? new Match.LocalAddress(destination) : null;
  }

  private @Nullable Match inSet(String set) {
    String directions = tokens.next();
    return directions == null ? null : new Match.InSet(set, directions);
  }

  private @Nullable Match recent() {
    boolean put = skip("--set");
    int seconds = 0;
    if (!put) {
      if (!skip("--rcheck") || !skip("--seconds")) {
        return null;
      }
      seconds = number(tokens.next());
      if (seconds <= 0 || !skip("--reap")) {
        return null;
      }
    }
    String list = skip("--name") ? tokens.next() : null;
    if (list == null
        || !skip("--mask")
        || !skip(RuleText.wholeMask(family))
        || !skip("--rsource")) {
      return null;
    }
    return put ? new Match.PutOnList(list) : new Match.OnList(list, seconds);
  }

  private boolean target(@Nullable String name) {
    target =
        switch (name) {
          case "ACCEPT" -> new Target.Accept();
          case "DROP" -> new Target.Drop();
          case "RETURN" -> new Target.Return();
          case "REJECT" -> skip("--reject-with") ? reject() : null;
          case "MARK" -> skip("--set-xmark") ? setMark(tokens.next()) : null;
          case "MASQUERADE" -> new Target.Masquerade(skip("--random-fully"));
          case "DNAT" -> skip("--to-destination") ? translate(tokens.next()) : null;
          case null -> null;
          default -> new Target.Jump(name);
        };
    return target != null;
  }

  private @Nullable Target reject() {
    if (skip(RuleText.RESET)) {
      return new Target.Reject(true);
    }
    return skip(RuleText.refusal(family)) ? new Target.Reject(false) : null;
  }

  private static @Nullable Target setMark(@Nullable String text) {
    int slash = text == null ? -1 : text.indexOf('/');
    if (text == null || slash < 0) {
      return null;
    }
    String mask = text.substring(slash + 1);
    Optional<Integer> bits = hex(text.substring(0, slash));
    if (mask.equals("0x0")) {
      return bits.map(Target.FlipMark::new).orElse(null);
    }
    return bits.filter(set -> RuleText.hex(set).equals(mask)).map(Target.SetMark::new).orElse(null);
  }

  private static @Nullable Target translate(@Nullable String text) {
    int colon = text == null ? -1 : text.lastIndexOf(':');
    if (text == null || colon < 0) {
      return null;
    }
    int port = number(text.substring(colon + 1));
    String address = text.substring(0, colon);
    if (address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    return port <= 0
        ? null
        : IpAddress.parse(address)
            .map(to -> new Target.Translate(new Backend(to, port)))
            .orElse(null);
  }

  private static int number(@Nullable String text) {
    try {
      return text == null ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static Optional<Integer> hex(String text) {
    try {
      return text.startsWith("0x")
          ? Optional.of(Integer.parseUnsignedInt(text.substring(2), 16))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
