package kubeproxy.ipvs.apply;

import java.util.Optional;
import kubeproxy.ipvs.diff.Observed;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry.Element;
import kubeproxy.kernel.ipset.HashType;
import kubeproxy.kernel.ipset.SetEntry;
import kubeproxy.kernel.ipset.SetShape;
import kubeproxy.kernel.ipvs.Destination;
import kubeproxy.kernel.ipvs.DestinationUse;
import kubeproxy.kernel.ipvs.Forwarding;
import kubeproxy.kernel.ipvs.ServerAddress;
import kubeproxy.kernel.ipvs.VirtualServer;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Between the words of the mode and those of the kernel.
final class Translation {
  /// Far more than a node has Services; the kernel's hash tables begin small whatever they may
  /// grow to.
  private static final int MAX_ELEMENTS = 1 << 20;

  private Translation() {}

  static ServerAddress address(ServerKey key) {
    return new ServerAddress(key.protocol(), key.address(), key.port());
  }

  static ServerKey key(ServerAddress address) {
    return new ServerKey(address.address(), address.protocol(), address.port());
  }

  static VirtualServer server(ServerKey key, Scheduling scheduling) {
    int flags = scheduling.portHash() ? VirtualServer.HASH_PORT : 0;
    VirtualServer server = VirtualServer.of(address(key), scheduling.scheduler(), flags);
    int seconds = scheduling.persistenceSeconds();
    return seconds == 0 ? server : server.persistent(seconds);
  }

  /// How a virtual server chooses; null if it is in no way that we could have asked for.
  static @Nullable Scheduling scheduling(VirtualServer server) {
    boolean persistent = (server.flags() & VirtualServer.PERSISTENT) != 0;
    Scheduling scheduling =
        new Scheduling(
            server.scheduler(),
            persistent ? server.timeout() : 0,
            (server.flags() & VirtualServer.HASH_PORT) != 0);
    VirtualServer asked = server(key(server.address()), scheduling);
    boolean same = asked.flags() == server.flags() && asked.clientPrefix() == server.clientPrefix();
    return same ? scheduling : null;
  }

  static Destination destination(Backend backend, int weight) {
    return Destination.masqueraded(backend.address(), backend.port(), weight);
  }

  static Observed.RealServer realServer(DestinationUse use) {
    Destination there = use.destination();
    return new Observed.RealServer(
        new Backend(there.address(), there.port()),
        there.weight(),
        there.forwarding() == Forwarding.MASQUERADE,
        use.active() + use.inactive());
  }

  static SetShape shape(IpSet set, IpFamily family) {
    return switch (set.type()) {
      case PORTS -> SetShape.PortBitmap.ALL;
      case ADDRESS -> new SetShape.Hash(HashType.IP, family, MAX_ELEMENTS);
      case ADDRESS_PORT -> new SetShape.Hash(HashType.IP_PORT, family, MAX_ELEMENTS);
      case ADDRESS_PORT_ADDRESS -> new SetShape.Hash(HashType.IP_PORT_IP, family, MAX_ELEMENTS);
      case ADDRESS_PORT_NET -> new SetShape.Hash(HashType.IP_PORT_NET, family, MAX_ELEMENTS);
    };
  }

  /// Whether a set that is there will do; upstream's are made for fewer entries.
  static boolean fits(SetShape there, IpSet set, IpFamily family) {
    return switch (shape(set, family)) {
      case SetShape.Hash wanted ->
          there instanceof SetShape.Hash(HashType type, IpFamily of, int _)
              && type == wanted.type()
              && of == wanted.family();
      case SetShape.PortBitmap wanted -> there.equals(wanted);
      case SetShape.Foreign _ -> false;
    };
  }

  static SetEntry entry(Element element) {
    return switch (element) {
      case Element.Address(var address) -> new SetEntry.Address(address);
      case Element.Port(int port) -> new SetEntry.Port(port);
      case Element.AddressPort place ->
          new SetEntry.AddressPort(place.address(), place.protocol(), place.port());
      case Element.AddressPortAddress(var place, var other) ->
          new SetEntry.AddressPortAddress(place.address(), place.protocol(), place.port(), other);
      case Element.AddressPortNet(var place, var net) ->
          new SetEntry.AddressPortNet(place.address(), place.protocol(), place.port(), net);
    };
  }

  /// An entry as it was read; empty if its protocol is none that a Service can have.
  static Optional<Element> element(SetEntry entry) {
    return switch (entry) {
      case SetEntry.Address(var address) -> Optional.of(new Element.Address(address));
      case SetEntry.Port(int port) -> Optional.of(new Element.Port(port));
      case SetEntry.Net _ -> Optional.empty();
      case SetEntry.AddressPort(var address, int protocol, int port) ->
          protocol(protocol).map(known -> new Element.AddressPort(address, known, port));
      case SetEntry.AddressPortAddress(var address, int protocol, int port, var second) ->
          protocol(protocol)
              .map(known ->
                  new Element.AddressPortAddress(
                      new Element.AddressPort(address, known, port), second));
      case SetEntry.AddressPortNet(var address, int protocol, int port, var net) ->
          protocol(protocol)
              .map(known ->
                  new Element.AddressPortNet(new Element.AddressPort(address, known, port), net));
    };
  }

  private static Optional<Protocol> protocol(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
