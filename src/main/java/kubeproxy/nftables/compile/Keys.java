package kubeproxy.nftables.compile;

import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.program.Field;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.plan.Backend;

/// The keys of our sets: how an address and port look in the kernel, and the fields of a packet
/// that are looked up there.
final class Keys {
  static final List<Field> DESTINATION =
      List.of(
          Field.Packet.DESTINATION_ADDRESS, Field.Packet.PROTOCOL, Field.Packet.DESTINATION_PORT);
  static final List<Field> DESTINATION_NODE_PORT =
      List.of(Field.Packet.PROTOCOL, Field.Packet.DESTINATION_PORT);
  static final List<Field> BACKEND =
      List.of(Field.Packet.DESTINATION_ADDRESS, Field.Packet.DESTINATION_PORT);

  private final IpFamily family;

  Keys(IpFamily family) {
    this.family = family;
  }

  Key address(IpAddress address) {
    return builder(NamedSet.CLUSTER_IPS).address(address).build();
  }

  Key destination(IpAddress address, Protocol protocol, int port) {
    return builder(NamedSet.SERVICE_IPS).address(address).protocol(protocol).port(port).build();
  }

  Key nodePort(Protocol protocol, int port) {
    return builder(NamedSet.SERVICE_NODEPORTS).protocol(protocol).port(port).build();
  }

  Key destinationAndSource(IpAddress address, Protocol protocol, int port, IpAddress source) {
    return builder(NamedSet.FIREWALL_SOURCES)
        .address(address)
        .protocol(protocol)
        .port(port)
        .address(source)
        .build();
  }

  Key hairpin(Backend backend, Protocol protocol) {
    return builder(NamedSet.HAIRPIN_CONNECTIONS)
        .address(backend.address())
        .address(backend.address())
        .protocol(protocol)
        .port(backend.port())
        .build();
  }

  Key destinationAndBackend(IpAddress address, Protocol protocol, int port, Backend backend) {
    return builder(NamedSet.AFFINITY_LEARNERS)
        .address(address)
        .protocol(protocol)
        .port(port)
        .address(backend.address())
        .port(backend.port())
        .build();
  }

  Key nodePortAndBackend(Protocol protocol, int port, Backend backend) {
    return builder(NamedSet.NODEPORT_AFFINITY_LEARNERS)
        .protocol(protocol)
        .port(port)
        .address(backend.address())
        .port(backend.port())
        .build();
  }

  private Key.Builder builder(NamedSet set) {
    return Key.builder(set.keyBytes(family));
  }

  /// The fields of a destination followed by a random index.
  static List<Field> withIndex(List<Field> key, int modulus) {
    Field[] fields = key.toArray(new Field[key.size() + 1]);
    fields[key.size()] = new Field.RandomIndex(modulus);
    return List.of(fields);
  }

  static boolean isNodePort(NamedSet set) {
    return set.key().getFirst() == FieldType.PROTOCOL;
  }
}
