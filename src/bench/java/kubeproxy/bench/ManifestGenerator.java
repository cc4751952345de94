package kubeproxy.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntConsumer;

/// Writes a cluster of any size as one JSON file, in the form of `kubectl get -o json`: a `List`
/// with sorted fields and an indent of four. The same sizes always give the same bytes.
///
/// Every Service has one TCP port and one IPv4 EndpointSlice. Cluster IPs come from `10.96.0.0/11`,
/// endpoints from `10.128.0.0/9`, all different, so there may be up to two million Services and
/// eight million endpoints.
public final class ManifestGenerator {
  private static final int NODES = 100;
  private static final int ZONES = 3;
  private static final int FIRST_CLUSTER_IP = 10 << 24 | 96 << 16 | 1;
  private static final int FIRST_ENDPOINT_IP = 10 << 24 | 128 << 16 | 1;

  private final Writer out;
  private final int endpointsPerService;

  private ManifestGenerator(Writer out, int endpointsPerService) {
    this.out = out;
    this.endpointsPerService = endpointsPerService;
  }

  /// Usage: `ManifestGenerator SERVICES ENDPOINTS_PER_SERVICE FILE`.
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[2]), Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
  }

  /// Writes the file; replaces one that is there.
  public static void write(Path file, int services, int endpointsPerService) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      write(out, services, endpointsPerService);
    }
  }

  /// Writes the text.
  public static void write(Writer out, int services, int endpointsPerService) throws IOException {
    new ManifestGenerator(out, endpointsPerService).list(services);
  }

  private void list(int services) throws IOException {
    out.write("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n");
    for (int i = 0; i < services; i++) {
      out.write(service(i));
      out.write(",\n");
      out.write("        {\n            \"addressType\": \"IPv4\",\n");
      out.write("            \"apiVersion\": \"discovery.k8s.io/v1\",\n");
      out.write("            \"endpoints\": [\n");
      separated(endpointsPerService, slot(i));
      out.write(afterEndpoints(i));
      out.write(i == services - 1 ? "\n" : ",\n");
    }
    out.write("    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n");
    out.write("        \"resourceVersion\": \"\"\n    }\n}\n");
  }

  private void separated(int count, IntConsumer each) throws IOException {
    for (int i = 0; i < count; i++) {
      each.accept(i);
      out.write(i == count - 1 ? "\n" : ",\n");
    }
  }

  private IntConsumer slot(int service) {
    return endpoint -> {
      try {
        out.write(endpoint(service * endpointsPerService + endpoint));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static String service(int i) {
    String ip = dotted(FIRST_CLUSTER_IP + i);
    return """
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {
                "app": "%1$s"
            },
            "name": "%1$s",
            "namespace": "%2$s",
            "resourceVersion": "%3$d",
            "uid": "00000000-0000-4000-8000-%3$012d"
        },
        "spec": {
            "clusterIP": "%4$s",
            "clusterIPs": [
                "%4$s"
            ],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": [
                "IPv4"
            ],
            "ipFamilyPolicy": "SingleStack",
            "ports": [
                {
                    "name": "http",
                    "port": 80,
                    "protocol": "TCP",
                    "targetPort": 8080
                }
            ],
            "selector": {
                "app": "%1$s"
            },
            "sessionAffinity": "None",
            "type": "ClusterIP"
        },
        "status": {
            "loadBalancer": {}
        }
    }\
    """
        .formatted(name(i), namespace(i), i + 1, ip)
        .indent(8)
        .stripTrailing();
  }

  private static String endpoint(int number) {
    int node = number % NODES;
    return """
    {
        "addresses": [
            "%s"
        ],
        "conditions": {
            "ready": true,
            "serving": true,
            "terminating": false
        },
        "nodeName": "%s",
        "targetRef": {
            "kind": "Pod",
            "name": "pod-%d"
        },
        "zone": "zone-%d"
    }\
    """
        .formatted(dotted(FIRST_ENDPOINT_IP + number), nodeName(node), number, node % ZONES)
        .indent(16)
        .stripTrailing();
  }

  private static String afterEndpoints(int i) {
    return """
        ],
        "kind": "EndpointSlice",
        "metadata": {
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "generation": 1,
            "labels": {
                "kubernetes.io/service-name": "%1$s"
            },
            "name": "%1$s-slice",
            "namespace": "%2$s",
            "resourceVersion": "%3$d",
            "uid": "00000000-0000-4000-9000-%3$012d"
        },
        "ports": [
            {
                "name": "http",
                "port": 8080,
                "protocol": "TCP"
            }
        ]
    }\
    """
        .indent(8)
        .stripTrailing()
        .formatted(name(i), namespace(i), i + 1);
  }

  /// The name of a Service.
  public static String name(int service) {
    return String.format(Locale.ROOT, "service-%05d", service);
  }

  /// The namespace of a Service: a hundred Services each.
  public static String namespace(int service) {
    return String.format(Locale.ROOT, "team-%03d", service / 100);
  }

  /// The name of a node, from 0 to 99.
  public static String nodeName(int node) {
    return String.format(Locale.ROOT, "node-%02d", node);
  }

  private static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }
}
