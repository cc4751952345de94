package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Label;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// discovery.k8s.io EndpointSlice, v1 and v1beta1.
final class EndpointSliceFields extends ObjectFields {
  private @Nullable String addressType;
  private @Nullable IpFamily family;

  /// In the order of the text; null where an endpoint is left out.
  private final List<@Nullable Endpoint> endpoints = new ArrayList<>();

  private final List<EndpointPort> ports = new ArrayList<>(2);

  EndpointSliceFields(Interner interner) {
    super(ResourceType.ENDPOINT_SLICE, interner);
  }

  @Override
  void readOwn(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "addressType" -> readAddressType(in);
      case "endpoints" -> Expect.items(in, () -> endpoints.add(endpoint(in)));
      case "ports" -> Expect.items(in, () -> readPort(in));
      default -> in.skip();
    }
  }

  private void readAddressType(TokenReader in) throws MalformedInput {
    addressType = Expect.text(in);
    family =
        switch (addressType) {
          case "IPv4" -> IpFamily.IPV4;
          case "IPv6" -> IpFamily.IPV6;
          case "FQDN" -> null;
          default -> throw in.malformed("must be IPv4, IPv6 or FQDN");
        };
  }

  private @Nullable Endpoint endpoint(TokenReader in) throws MalformedInput {
    EndpointFields fields = new EndpointFields();
    Expect.fields(in, key -> fields.read(key, in));
    String text = fields.firstAddress;
    if (text == null) {
      String message = "an endpoint must have an address; it is left out";
      problems.missing(in.field() + ".addresses", message);
      return null;
    }
    // The addresses of FQDN slices are host names; nobody will ask for the whole slice.
    if (addressType != null && family == null) {
      return null;
    }
    IpAddress address = address(text, in, ".addresses[0]");
    return address == null ? null : fields.endpoint(address);
  }

  private final class EndpointFields {
    private @Nullable String firstAddress;
    private boolean ready = true;
    private boolean serving = true;
    private boolean terminating;
    private @Nullable String nodeName;
    private @Nullable String topologyNodeName;
    private final List<String> zoneHints = new ArrayList<>(1);
    private final List<String> nodeHints = new ArrayList<>(0);
    private final List<Label> topology = new ArrayList<>(1);

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "addresses" -> Expect.items(in, () -> readAddress(in));
        case "conditions" -> Expect.fields(in, field -> readCondition(field, in));
        case "nodeName" -> nodeName = optionalName(in);
        case "zone" -> addTopology(Label.ZONE, in);
        // Only v1beta1 has it; the node is one of its keys there.
        case "topology" -> Expect.fields(in, field -> readTopology(field, in));
        // What v1 keeps of it for conversions.
        case "deprecatedTopology" -> Expect.fields(in, field -> readOldTopology(field, in));
        case "hints" -> Expect.fields(in, field -> readHints(field, in));
        default -> in.skip();
      }
    }

    /// The API allows several addresses but no meaning was ever given to any but the first.
    private void readAddress(TokenReader in) throws MalformedInput {
      String text = Expect.text(in);
      if (firstAddress == null) {
        firstAddress = text;
      }
    }

    private void readCondition(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "ready" -> ready = Expect.flag(in, true);
        case "serving" -> serving = Expect.flag(in, true);
        case "terminating" -> terminating = Expect.flag(in, false);
        default -> in.skip();
      }
    }

    private @Nullable String optionalName(TokenReader in) throws MalformedInput {
      String name = Expect.optionalText(in);
      return name == null ? null : interner.text(name);
    }

    private void readTopology(String key, TokenReader in) throws MalformedInput {
      if (key.equals(Label.HOSTNAME)) {
        topologyNodeName = optionalName(in);
      } else {
        addTopology(interner.text(key), in);
      }
    }

    private void readOldTopology(String key, TokenReader in) throws MalformedInput {
      if (key.equals(Label.HOSTNAME)) {
        in.skip();
      } else {
        addTopology(interner.text(key), in);
      }
    }

    private void addTopology(String label, TokenReader in) throws MalformedInput {
      String value = optionalName(in);
      if (value != null) {
        topology.add(new Label(label, value));
      }
    }

    private void readHints(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "forZones" -> Expect.items(in, () -> readHint(zoneHints, in));
        case "forNodes" -> Expect.items(in, () -> readHint(nodeHints, in));
        default -> in.skip();
      }
    }

    private void readHint(List<String> hints, TokenReader in) throws MalformedInput {
      @Nullable String[] name = new @Nullable String[1];
      Expect.fields(
          in,
          key -> {
            if (key.equals("name")) {
              name[0] = Expect.text(in);
            } else {
              in.skip();
            }
          });
      if (name[0] != null) {
        hints.add(interner.text(name[0]));
      }
    }

    Endpoint endpoint(IpAddress address) {
      return new Endpoint(
          address,
          ready,
          serving,
          terminating,
          nodeName == null ? topologyNodeName : nodeName,
          interner.list(zoneHints),
          interner.list(nodeHints),
          interner.list(sortedTopology()));
    }

    private List<Label> sortedTopology() {
      return topology.size() < 2 ? topology : topology.stream().distinct().sorted().toList();
    }
  }

  private void readPort(TokenReader in) throws MalformedInput {
    PortFields port = new PortFields();
    Expect.fields(in, key -> port.read(key, in));
    if (port.name == null) {
      String message = "a port must have a name, which may be empty; the port is left out";
      problems.missing(in.field() + ".name", message);
    } else if (port.port == null || port.port == 0) {
      String message = "a port must have a number; the port is left out";
      problems.missing(in.field() + ".port", message);
    } else if (!isPort(port.port)) {
      String written = String.valueOf(port.port);
      problems.invalid(in.field() + ".port", written, "is no port number; the port is left out");
    } else {
      ports.add(new EndpointPort(port.name, port.protocol, port.port));
    }
  }

  private final class PortFields {
    private @Nullable String name;
    private Protocol protocol = Protocol.TCP;
    private @Nullable Integer port;

    void read(String key, TokenReader in) throws MalformedInput {
      switch (key) {
        case "name" -> {
          String text = Expect.optionalText(in);
          name = text == null ? null : interner.text(text);
        }
        case "protocol" -> protocol = protocol(in);
        case "port" -> port = Expect.optionalNumber(in);
        default -> in.skip();
      }
    }
  }

  @Override
  @Nullable String missingField() {
    return addressType == null ? "addressType" : super.missingField();
  }

  @Override
  void emit(ObjectSink sink) {
    if (family == null) {
      sink.skipped("EndpointSlice of type FQDN");
      return;
    }
    ObjectKey key = metadata.namespacedKey();
    String service = metadata.serviceName;
    if (service == null || service.isEmpty()) {
      sink.ignored(
          new Problem(
              type().kind(),
              key,
              "metadata.labels.kubernetes.io/service-name",
              "",
              Problem.Reason.MISSING_FIELD,
              "the label must name the Service; the slice is ignored"));
      return;
    }
    List<Endpoint> kept = ofFamily(family);
    ObjectKey serviceKey = new ObjectKey(key.namespace(), service);
    long triggered = triggeredMillis();
    sink.object(
        new EndpointSlice(
            key,
            serviceKey,
            family,
            false,
            interner.list(ports),
            kept,
            triggered,
            problemsOf(key)));
  }

  private List<Endpoint> ofFamily(IpFamily wanted) {
    List<Endpoint> kept = new ArrayList<>(endpoints.size());
    for (int i = 0; i < endpoints.size(); i++) {
      Endpoint endpoint = endpoints.get(i);
      if (endpoint == null) {
        continue;
      }
      if (endpoint.address().family() == wanted) {
        kept.add(endpoint);
      } else {
        problems.invalid(
            "endpoints[" + i + "].addresses[0]",
            endpoint.address().toString(),
            "is no " + wanted + " address as addressType says; the endpoint is left out");
      }
    }
    return kept;
  }
}
