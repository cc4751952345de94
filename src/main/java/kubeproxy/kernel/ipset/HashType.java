package kubeproxy.kernel.ipset;

import org.jspecify.annotations.Nullable;

/// The types of sets that are hash tables.
public enum HashType {
  /// [SetEntry.Address].
  IP("hash:ip", 4),
  /// [SetEntry.Net].
  NET("hash:net", 6),
  /// [SetEntry.AddressPort].
  IP_PORT("hash:ip,port", 5),
  /// [SetEntry.AddressPortAddress].
  IP_PORT_IP("hash:ip,port,ip", 5),
  /// [SetEntry.AddressPortNet].
  IP_PORT_NET("hash:ip,port,net", 7);

  private final String typeName;
  private final int revision;

  HashType(String typeName, int revision) {
    this.typeName = typeName;
    this.revision = revision;
  }

  /// As `hash:ip,port`.
  public String typeName() {
    return typeName;
  }

  // The revision that Linux 3.18 brought: every kernel knows it, and so does every `ipset` that
  // might list the set. Later ones only add options.
  int revision() {
    return revision;
  }

  static @Nullable HashType of(String typeName) {
    for (HashType type : values()) {
      if (type.typeName.equals(typeName)) {
        return type;
      }
    }
    return null;
  }
}
