package kubeproxy.decode;

import java.time.DateTimeException;
import java.time.Instant;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// The parts of `metadata` that matter to a node proxy.
final class ObjectMetadata {
  private static final String DEFAULT_NAMESPACE = "default";

  private final Interner interner;
  String name = "";
  String namespace = "";
  String resourceVersion = "";
  long createdMillis;
  boolean deleting;

  /// Label `kubernetes.io/service-name`: the Service that an EndpointSlice belongs to.
  @Nullable String serviceName;

  /// Label `topology.kubernetes.io/zone`.
  @Nullable String zone;

  /// Whether there is a label `service.kubernetes.io/service-proxy-name`, with whatever value.
  boolean foreignProxy;

  ObjectMetadata(Interner interner) {
    this.interner = interner;
  }

  void read(TokenReader in) throws MalformedInput {
    Expect.fields(
        in,
        key -> {
          switch (key) {
            case "name" -> name = interner.text(Expect.text(in));
            case "namespace" -> namespace = interner.text(Expect.text(in));
            case "resourceVersion" -> resourceVersion = Expect.text(in);
            case "creationTimestamp" -> createdMillis = timestamp(in);
            case "deletionTimestamp" -> deleting = timestamp(in) != 0;
            case "labels" -> Expect.fields(in, label -> readLabel(label, in));
            default -> in.skip();
          }
        });
  }

  private void readLabel(String label, TokenReader in) throws MalformedInput {
    switch (label) {
      case "kubernetes.io/service-name" -> serviceName = interner.text(Expect.text(in));
      case "topology.kubernetes.io/zone" -> zone = interner.text(Expect.text(in));
      case "service.kubernetes.io/service-proxy-name" -> {
        Expect.text(in);
        foreignProxy = true;
      }
      default -> in.skip();
    }
  }

  /// A time as in RFC 3339, in milliseconds since the epoch; 0 for null.
  private static long timestamp(TokenReader in) throws MalformedInput {
    String text = Expect.optionalText(in);
    if (text == null) {
      return 0;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException _) {
      throw in.malformed("must be a time as in 2026-01-31T12:00:00Z");
    }
  }

  /// The key of an object that lives in a namespace.
  ObjectKey namespacedKey() {
    return new ObjectKey(namespaceOrDefault(), name);
  }

  String namespaceOrDefault() {
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }

  /// The key of an object that lives in no namespace.
  ObjectKey clusterKey() {
    return new ObjectKey("", name);
  }
}
