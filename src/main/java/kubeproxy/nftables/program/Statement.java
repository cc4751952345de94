package kubeproxy.nftables.program;

import java.util.List;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;

/// One step of a rule: a match that ends the rule when it fails, or an action.
public sealed interface Statement {

  /// Whether it refers to this set.
  default boolean uses(NamedSet candidate) {
    return false;
  }

  /// Matches connections in state `new`.
  record NewConnection() implements Statement {}

  /// Matches connections whose destination has been translated.
  record DestinationTranslated() implements Statement {}

  /// Matches packets of one transport protocol.
  record IsProtocol(Protocol protocol) implements Statement {}

  /// Matches a source or destination address in, or with `negated` outside, a block.
  record InPrefix(Field.Packet field, boolean negated, IpPrefix prefix) implements Statement {}

  /// Matches the name, or the beginning of the name, of the interface a packet came in on.
  record InputInterface(boolean negated, String name, boolean prefix) implements Statement {}

  /// Matches packets with a bit of the mark set.
  record MarkHas(int mask) implements Statement {}

  /// Matches packets whose source (or destination) is an address of this node.
  record IsLocal(Field.Packet field) implements Statement {}

  /// Matches packets whose fields are, or with `negated` are not, an element.
  record InSet(List<Field> key, boolean negated, NamedSet set) implements Statement {
    public InSet {
      key = List.copyOf(key);
    }

    @Override
    public boolean uses(NamedSet candidate) {
      return candidate == set;
    }
  }

  /// Goes on with the verdict of the element, or with the next rule where there is none.
  record VerdictOf(List<Field> key, NamedSet map) implements Statement {
    public VerdictOf {
      key = List.copyOf(key);
    }

    @Override
    public boolean uses(NamedSet candidate) {
      return candidate == map;
    }
  }

  /// Translates the destination to the value of the element; with the next rule where there is
  /// none.
  record TranslateTo(List<Field> key, NamedSet map) implements Statement {
    public TranslateTo {
      key = List.copyOf(key);
    }

    @Override
    public boolean uses(NamedSet candidate) {
      return candidate == map;
    }
  }

  /// Puts an element in, or makes it last again.
  record Learn(NamedSet map, List<Field> key, List<Field> value, int timeoutSeconds)
      implements Statement {
    public Learn {
      key = List.copyOf(key);
      value = List.copyOf(value);
    }

    @Override
    public boolean uses(NamedSet candidate) {
      return candidate == map;
    }
  }

  /// Sets a bit of the mark.
  record SetMark(int mask) implements Statement {}

  /// Flips a bit of the mark.
  record FlipMark(int mask) implements Statement {}

  /// Rewrites the source to this node's address, with a fully random port where one is needed.
  record Masquerade() implements Statement {}

  /// Refuses with ICMP port unreachable.
  record Reject() implements Statement {}

  /// Refuses a TCP connection with a reset.
  record ResetTcp() implements Statement {}

  /// Drops.
  record Drop() implements Statement {}

  /// Evaluates another chain and comes back.
  record Jump(String chain) implements Statement {}

  /// Goes on in another chain without coming back.
  record Goto(String chain) implements Statement {}
}
