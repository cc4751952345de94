package kubeproxy.decode;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// Takes the fields of one object in any order and makes the record of it at the end.
abstract class ObjectFields {
  private static final int MAX_PORT = 65_535;

  private final ResourceType type;
  final Interner interner;
  final ObjectMetadata metadata;
  final DraftProblems problems = new DraftProblems();

  ObjectFields(ResourceType type, Interner interner) {
    this.type = type;
    this.interner = interner;
    metadata =
        new ObjectMetadata(interner, type == ResourceType.NODE, type == ResourceType.SERVICE);
  }

  /// The decoder of one object of a type.
  static ObjectFields of(ResourceType type, Interner interner) {
    return switch (type) {
      case SERVICE -> new ServiceFields(interner);
      case ENDPOINT_SLICE -> new EndpointSliceFields(interner);
      case ENDPOINTS -> new EndpointsFields(interner);
      case NODE -> new NodeFields(interner);
      case SERVICE_CIDR -> new ServiceCidrFields(interner);
    };
  }

  /// Reads a field of the object; `metadata`, `kind` and `apiVersion` do not come here. The reader
  /// stands at the first token of the value and is left at the last.
  abstract void readOwn(String key, TokenReader in) throws MalformedInput;

  /// Gives the object; no field is missing.
  abstract void emit(ObjectSink sink);

  /// The path of a field without which there is no such object and that was not there, or null.
  @Nullable String missingField() {
    return metadata.name.isEmpty() ? "metadata.name" : null;
  }

  /// Reads a field of the object.
  final void read(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "kind" -> expect(type.kind().equals(Expect.text(in)), "must be " + type.kind(), in);
      case "apiVersion" -> expect(type.hasVersion(Expect.text(in)), "is no known version", in);
      case "metadata" -> metadata.read(in);
      default -> readOwn(key, in);
    }
  }

  private static void expect(boolean right, String message, TokenReader in) throws MalformedInput {
    if (!right) {
      throw in.malformed(message);
    }
  }

  /// The name by which the API knows the object that is being read, as far as it was read.
  final ObjectKey key() {
    return switch (type) {
      case SERVICE, ENDPOINT_SLICE, ENDPOINTS -> metadata.namespacedKey();
      case NODE, SERVICE_CIDR -> metadata.clusterKey();
    };
  }

  final ResourceType type() {
    return type;
  }

  final List<Problem> problemsOf(ObjectKey key) {
    return problems.of(type, key);
  }

  /// When that changed which the object follows; 0, and a problem, if that is no time. A bad one
  /// costs a measurement and not the object.
  final long triggeredMillis() {
    String written = metadata.triggerTime;
    if (written.isEmpty()) {
      return 0;
    }
    OptionalLong millis = ObjectMetadata.millis(written);
    if (millis.isEmpty()) {
      String field = "metadata.annotations." + ObjectMetadata.TRIGGER_TIME;
      problems.invalid(field, written, "is no time; this change is not measured");
    }
    return millis.orElse(0);
  }

  /// A text as address, or null and a problem. Leading zeros and blanks around it are accepted.
  ///
  /// @param in stands at the field, or at the object that the field is in
  /// @param field path of the field from there
  final @Nullable IpAddress address(String text, TokenReader in, String field) {
    Optional<IpAddress> address = IpAddress.parse(text);
    if (address.isEmpty()) {
      address = IpAddress.parse(text.strip());
    }
    if (address.isEmpty()) {
      problems.invalid(in.field() + field, text, "is no IP address; it is left out");
    }
    return address.orElse(null);
  }

  /// A text as CIDR block, or null and a problem; blank ones are left out without a word.
  final @Nullable IpPrefix prefix(String text, String field) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      return null;
    }
    Optional<IpPrefix> prefix = IpPrefix.parse(stripped);
    if (prefix.isEmpty()) {
      problems.invalid(field, text, "is no CIDR block; it is left out");
    }
    return prefix.orElse(null);
  }

  /// Adds the CIDR blocks of a list.
  final void addPrefixes(TokenReader in, List<IpPrefix> prefixes) throws MalformedInput {
    Expect.items(
        in,
        () -> {
          IpPrefix prefix = prefix(Expect.text(in), in.field());
          if (prefix != null) {
            prefixes.add(prefix);
          }
        });
  }

  /// `protocol` of a port; TCP if absent.
  static Protocol protocol(TokenReader in) throws MalformedInput {
    return switch (Expect.text(in)) {
      case "", "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default -> throw in.malformed("must be TCP, UDP or SCTP");
    };
  }

  static boolean isPort(int number) {
    return number >= 1 && number <= MAX_PORT;
  }

  /// A port that may be absent: 0 stays 0, and so becomes what is no port, with a problem.
  final int optionalPort(TokenReader in) throws MalformedInput {
    int port = Expect.number(in);
    if (port == 0 || isPort(port)) {
      return port;
    }
    problems.invalid(in.field(), String.valueOf(port), "is no port number; it is left out");
    return 0;
  }
}
