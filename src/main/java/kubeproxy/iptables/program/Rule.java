package kubeproxy.iptables.program;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.plan.LocalSource;
import org.jspecify.annotations.Nullable;

/// One rule, apart from the chain it stands in. Equal rules do the same in the same way and say the
/// same about it.
///
/// @param source where the packet comes from; null for anywhere
/// @param destination where it goes; null for anywhere
/// @param incoming the interface it arrives by; null for any
/// @param protocol null for any
public record Rule(
    @Nullable Block source,
    @Nullable Block destination,
    @Nullable Interface incoming,
    @Nullable Protocol protocol,
    List<Match> matches,
    Target target) {

  public Rule {
    matches = List.copyOf(matches);
  }

  /// Addresses.
  ///
  /// @param negated whether all others are meant
  public record Block(boolean negated, IpPrefix prefix) {}

  /// Interfaces.
  ///
  /// @param negated whether all others are meant
  /// @param name with `+` at its end for all that begin so
  public record Interface(boolean negated, String name) {}

  /// The same rule without comments.
  public Rule withoutComments() {
    return new Rule(
        source,
        destination,
        incoming,
        protocol,
        matches.stream().filter(match -> !(match instanceof Match.Comment)).toList(),
        target);
  }

  /// A rule in the making.
  public static Builder builder() {
    return new Builder();
  }

  /// Collects the conditions of a rule; each is set at most once.
  public static final class Builder {
    private final List<Match> matches = new ArrayList<>(4);
    private @Nullable Block source;
    private @Nullable Block destination;
    private @Nullable Interface incoming;
    private @Nullable Protocol protocol;

    private Builder() {}

    /// Only packets from there.
    public Builder from(IpPrefix prefix) {
      return from(new Block(false, prefix));
    }

    /// Only packets from there.
    public Builder from(Block block) {
      source = block;
      return this;
    }

    /// Only packets to there.
    public Builder to(IpPrefix prefix) {
      return to(new Block(false, prefix));
    }

    /// Only packets to there.
    public Builder to(Block block) {
      destination = block;
      return this;
    }

    /// Only packets that arrive so.
    public Builder by(Interface interfaces) {
      incoming = interfaces;
      return this;
    }

    /// Only packets from pods of this node.
    ///
    /// @param elsewhere whether all others are meant
    /// @return false if they cannot be told, and nothing was restricted
    public boolean fromPods(LocalSource pods, boolean elsewhere) {
      switch (pods) {
        case LocalSource.Unknown() -> {
          return false;
        }
        case LocalSource.FromPrefix(IpPrefix prefix) -> from(new Block(elsewhere, prefix));
        case LocalSource.FromInterface(String name) -> by(new Interface(elsewhere, name));
        case LocalSource.FromInterfacePrefix(String prefix) ->
            by(new Interface(elsewhere, prefix + "+"));
      }
      return true;
    }

    /// Only packets of that protocol.
    public Builder protocol(Protocol only) {
      protocol = only;
      return this;
    }

    /// Only packets of that protocol, and with its match.
    ///
    /// @param port destination port, 0 for any
    public Builder transport(Protocol only, int port) {
      return protocol(only).match(new Match.Transport(only, port));
    }

    /// A condition.
    public Builder match(Match match) {
      matches.add(match);
      return this;
    }

    /// A comment.
    public Builder comment(String text) {
      return match(new Match.Comment(text));
    }

    /// The rule.
    public Rule then(Target target) {
      return new Rule(source, destination, incoming, protocol, matches, target);
    }

    /// The rule, with a jump to a chain.
    public Rule jump(String chain) {
      return then(new Target.Jump(chain));
    }
  }
}
