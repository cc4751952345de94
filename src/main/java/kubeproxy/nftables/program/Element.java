package kubeproxy.nftables.program;

import org.jspecify.annotations.Nullable;

/// One element of a set or map.
///
/// @param keyEnd the last key it covers, in sets with ranges; otherwise null
/// @param value null in sets
/// @param comment whose it is, for people who list it; may be empty
public record Element(
    NamedSet set, Key key, @Nullable Key keyEnd, @Nullable ElementValue value, String comment) {

  /// An element of a plain set.
  public static Element of(NamedSet set, Key key) {
    return new Element(set, key, null, null, "");
  }

  /// An element of a map.
  public static Element of(NamedSet set, Key key, ElementValue value) {
    return new Element(set, key, null, value, "");
  }

  /// Whether it covers the same keys and leads to the same. Comments do not count: they are for
  /// people, and rewriting an element to change its comment would be a moment without it.
  public boolean sameAs(Element other) {
    return set == other.set
        && key.equals(other.key)
        && (keyEnd == null ? other.keyEnd == null : keyEnd.equals(other.keyEnd))
        && (value == null ? other.value == null : value.equals(other.value));
  }
}
