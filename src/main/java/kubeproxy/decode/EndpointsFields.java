package kubeproxy.decode;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// core/v1 Endpoints: becomes one EndpointSlice for each subset and address family in it, named
/// after the object, the index of the subset and the family, as in `web/subset-0-IPv4`. A slash
/// cannot be in a name of the API, so no real slice can have that name.
final class EndpointsFields extends ObjectFields {
  private final List<Subset> subsets = new ArrayList<>(1);

  private record Subset(List<Endpoint> ready, List<Endpoint> notReady, List<EndpointPort> ports) {
    Subset() {
      this(new ArrayList<>(), new ArrayList<>(0), new ArrayList<>(2));
    }

    /// The endpoints of a family, in an order that is not that of the fields.
    List<Endpoint> of(IpFamily family) {
      return Stream.concat(ready.stream(), notReady.stream())
          .filter(endpoint -> endpoint.address().family() == family)
          .toList();
    }
  }

  EndpointsFields(Interner interner) {
    super(ResourceType.ENDPOINTS, interner);
  }

  @Override
  void readOwn(String key, TokenReader in) throws MalformedInput {
    if (key.equals("subsets")) {
      Expect.items(in, () -> readSubset(in));
    } else {
      in.skip();
    }
  }

  private void readSubset(TokenReader in) throws MalformedInput {
    Subset subset = new Subset();
    Expect.fields(
        in,
        key -> {
          switch (key) {
            case "addresses" -> Expect.items(in, () -> readAddress(subset, true, in));
            case "notReadyAddresses" -> Expect.items(in, () -> readAddress(subset, false, in));
            case "ports" -> Expect.items(in, () -> readPort(subset, in));
            default -> in.skip();
          }
        });
    subsets.add(subset);
  }

  private void readAddress(Subset subset, boolean ready, TokenReader in) throws MalformedInput {
    AddressFields fields = new AddressFields();
    Expect.fields(in, key -> fields.read(key, in));
    IpAddress address = address(fields.ip, in, ".ip");
    if (address != null) {
      // The old object cannot tell a terminating address that still serves from a dead one.
      List<Endpoint> endpoints = ready ? subset.ready : subset.notReady;
      endpoints.add(
          new Endpoint(address, ready, ready, false, fields.nodeName, List.of(), List.of()));
    }
  }

  private final class AddressFields {
    private String ip = "";
    private @Nullable String nodeName;

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "ip" -> ip = Expect.text(in);
        case "nodeName" -> {
          String name = Expect.optionalText(in);
          nodeName = name == null ? null : interner.text(name);
        }
        default -> in.skip();
      }
    }
  }

  private void readPort(Subset subset, TokenReader in) throws MalformedInput {
    PortFields port = new PortFields();
    Expect.fields(in, key -> port.read(key, in));
    if (isPort(port.port)) {
      subset.ports.add(new EndpointPort(port.name, port.protocol, port.port));
    } else {
      String written = String.valueOf(port.port);
      problems.invalid(in.field() + ".port", written, "is no port number; the port is left out");
    }
  }

  private final class PortFields {
    private String name = "";
    private Protocol protocol = Protocol.TCP;
    private int port;

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "name" -> name = interner.text(Expect.text(in));
        case "protocol" -> protocol = protocol(in);
        case "port" -> port = Expect.number(in);
        default -> in.skip();
      }
    }
  }

  /// The problems go with the first slice; with none there is nothing to carry them. The time of
  /// the change goes with the first slice of each family: it is one change.
  @Override
  void emit(ObjectSink sink) {
    ObjectKey service = metadata.namespacedKey();
    long triggered = triggeredMillis();
    Set<IpFamily> timed = EnumSet.noneOf(IpFamily.class);
    List<Problem> unsaid = problemsOf(service);
    for (int i = 0; i < subsets.size(); i++) {
      Subset subset = subsets.get(i);
      for (IpFamily family : IpFamily.values()) {
        List<Endpoint> endpoints = subset.of(family);
        if (!endpoints.isEmpty()) {
          ObjectKey key = sliceKey(service, i, family);
          List<EndpointPort> ports = interner.list(subset.ports);
          long time = timed.add(family) ? triggered : 0;
          sink.object(
              new EndpointSlice(key, service, family, true, ports, endpoints, time, unsaid));
          unsaid = List.of();
        }
      }
    }
    unsaid.forEach(sink::ignored);
  }

  private static ObjectKey sliceKey(ObjectKey service, int subset, IpFamily family) {
    String name = service.name() + "/subset-" + subset + "-" + family.label();
    return new ObjectKey(service.namespace(), name);
  }
}
