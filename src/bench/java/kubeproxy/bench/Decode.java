package kubeproxy.bench;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import kubeproxy.apidecode.ApiDecoder;
import kubeproxy.apidecode.ApiEncoding;
import kubeproxy.apidecode.ApiInterner;
import kubeproxy.apidecode.ApiItem;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.apidecode.ItemSink;
import kubeproxy.apidecode.MalformedItem;
import kubeproxy.decode.DocumentDecoder;
import kubeproxy.decode.JsonTokenReader;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectSink;
import kubeproxy.decode.TokenReader;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Problem;

/// From the bytes of a list of EndpointSlices to records, in each encoding of the API, and from a
/// JSON manifest: what the records retain, and the processor time of the thread, cold (the first in
/// this JVM) and warm. Run one case at a time for cold figures that owe nothing to the case before.
///
/// Arguments: cases of `protobuf`, `json` and `manifest`; all of them if there are none.
public final class Decode {
  private static final int SLICES = 1000;
  private static final int ENDPOINTS = 100;
  private static final int MANIFEST_SERVICES = 10_000;
  private static final int MANIFEST_ENDPOINTS = 10;
  private static final int NODES = 200;
  private static final int ROUNDS = 15;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Decode() {}

  private interface Case {
    List<ClusterObject> decode(InputStream body) throws IOException, MalformedInput;
  }

  /// Runs the benchmark.
  public static void main(String[] args) throws IOException, MalformedInput {
    System.out.println("    case |   bytes | retained  |   cold |   warm median, best");
    List<String> cases = args.length > 0 ? List.of(args) : List.of("protobuf", "json", "manifest");
    for (String name : cases) {
      switch (name) {
        case "protobuf" -> measure(name, protobuf(), body -> listed(ApiEncoding.PROTOBUF, body));
        case "json" -> measure(name, json(), body -> listed(ApiEncoding.JSON, body));
        case "manifest" -> measure(name, manifest(), Decode::loaded);
        default -> throw new IllegalArgumentException("no such case: " + name);
      }
    }
  }

  private static void measure(String name, byte[] body, Case decoder)
      throws IOException, MalformedInput {
    long before = used();
    long start = THREADS.getCurrentThreadCpuTime();
    List<ClusterObject> objects = decoder.decode(new ByteArrayInputStream(body));
    double cold = millis(start);
    long retained = used() - before;
    Reference.reachabilityFence(objects);
    double[] warm = new double[ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      start = THREADS.getCurrentThreadCpuTime();
      decoder.decode(new ByteArrayInputStream(body));
      if (round >= 0) {
        warm[round] = millis(start);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%8s | %4d MB | %5.1f MiB | %4.0f ms | %4.0f, %4.0f ms%n",
        name,
        body.length / 1_000_000,
        retained / (double) (1 << 20),
        cold,
        Sync.percentile(warm, 50),
        Arrays.stream(warm).min().orElseThrow());
  }

  private static double millis(long start) {
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static List<ClusterObject> listed(ApiEncoding encoding, InputStream body)
      throws IOException {
    List<ClusterObject> objects = new ArrayList<>();
    ItemSink sink =
        new ItemSink() {
          @Override
          public void item(ApiItem item) {
            objects.addAll(item.objects());
          }

          @Override
          public void malformed(MalformedItem item) {
            throw new IllegalStateException(item.toString());
          }
        };
    ApiDecoder.of(encoding, ApiResource.ENDPOINT_SLICES_V1, new ApiInterner()).readList(body, sink);
    return objects;
  }

  private static List<ClusterObject> loaded(InputStream body) throws MalformedInput {
    List<ClusterObject> objects = new ArrayList<>();
    TokenReader in = new JsonTokenReader(body);
    new DocumentDecoder(
            new ObjectSink() {
              @Override
              public void object(ClusterObject object) {
                objects.add(object);
              }

              @Override
              public void ignored(Problem problem) {
                throw new IllegalStateException(problem.toString());
              }

              @Override
              public void skipped(String kind) {
                throw new IllegalStateException(kind);
              }
            })
        .decode(in);
    return objects;
  }

  private static byte[] manifest() throws IOException {
    StringWriter text = new StringWriter();
    ManifestGenerator.write(text, MANIFEST_SERVICES, MANIFEST_ENDPOINTS);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String ip(int number) {
    return "10." + (number >>> 16 & 0xff) + "." + (number >>> 8 & 0xff) + "." + (number & 0xff);
  }

  private static String uid(int number) {
    return String.format(Locale.ROOT, "%08x-0000-4000-8000-000000000000", number);
  }

  private static byte[] json() {
    StringBuilder out = new StringBuilder();
    out.append("{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",");
    out.append("\"metadata\":{\"resourceVersion\":\"9000\"},\"items\":[");
    for (int i = 0; i < SLICES; i++) {
      out.append(i == 0 ? "" : ",").append("{\"metadata\":{\"name\":\"service-").append(i);
      out.append("-x7k2p\",\"generateName\":\"service-").append(i);
      out.append("-\",\"namespace\":\"team-").append(i / 20);
      out.append("\",\"uid\":\"").append(uid(i)).append("\",\"resourceVersion\":\"").append(i);
      out.append("\",\"generation\":4,\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{");
      out.append("\"endpointslice.kubernetes.io/managed-by\":");
      out.append("\"endpointslice-controller.k8s.io\",");
      out.append("\"kubernetes.io/service-name\":\"service-").append(i).append("\"}},");
      out.append("\"addressType\":\"IPv4\",\"endpoints\":[");
      for (int j = 0; j < ENDPOINTS; j++) {
        int number = i * ENDPOINTS + j;
        out.append(j == 0 ? "" : ",").append("{\"addresses\":[\"").append(ip(number));
        out.append("\"],\"conditions\":{\"ready\":true,\"serving\":true,\"terminating\":false},");
        out.append("\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"team-").append(i / 20);
        out.append("\",\"name\":\"service-").append(i).append("-6d4cf56db6-").append(number);
        out.append("\",\"uid\":\"").append(uid(number)).append("\"},\"nodeName\":\"node-");
        out.append(number % NODES).append("\",\"zone\":\"zone-").append(number % 3);
        out.append("\",\"hints\":{\"forZones\":[{\"name\":\"zone-").append(number % 3);
        out.append("\"}]}}");
      }
      out.append("],\"ports\":[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":8080}]}");
    }
    return out.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface Writer {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writer.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] protobuf() throws IOException {
    byte[] list =
        message(out -> {
          out.writeByteArray(1, message(meta -> meta.writeString(2, "9000")));
          for (int i = 0; i < SLICES; i++) {
            out.writeByteArray(2, slice(i));
          }
        });
    byte[] type =
        message(out -> {
          out.writeString(1, "discovery.k8s.io/v1");
          out.writeString(2, "EndpointSliceList");
        });
    return message(out -> {
      out.writeRawBytes(new byte[] {'k', '8', 's', 0});
      out.writeByteArray(1, type);
      out.writeByteArray(2, list);
    });
  }

  private static byte[] slice(int i) throws IOException {
    return message(out -> {
      out.writeByteArray(1, metadata(i));
      for (int j = 0; j < ENDPOINTS; j++) {
        out.writeByteArray(2, endpoint(i, i * ENDPOINTS + j));
      }
      out.writeByteArray(3, fields(1, "http", 2, "TCP", 3, 8080));
      out.writeString(4, "IPv4");
    });
  }

  private static byte[] metadata(int i) throws IOException {
    return message(out -> {
      out.writeString(1, "service-" + i + "-x7k2p");
      out.writeString(2, "service-" + i + "-");
      out.writeString(3, "team-" + i / 20);
      out.writeString(5, uid(i));
      out.writeString(6, String.valueOf(i));
      out.writeInt64(7, 4);
      out.writeByteArray(8, message(time -> time.writeInt64(1, 1_767_225_600)));
      out.writeByteArray(
          11,
          fields(
              1, "endpointslice.kubernetes.io/managed-by", 2, "endpointslice-controller.k8s.io"));
      out.writeByteArray(11, fields(1, "kubernetes.io/service-name", 2, "service-" + i));
    });
  }

  private static byte[] endpoint(int i, int number) throws IOException {
    return message(out -> {
      out.writeString(1, ip(number));
      out.writeByteArray(
          2,
          message(conditions -> {
            conditions.writeBool(1, true);
            conditions.writeBool(2, true);
            conditions.writeBool(3, false);
          }));
      out.writeByteArray(
          4,
          fields(
              1,
              "Pod",
              2,
              "team-" + i / 20,
              3,
              "service-" + i + "-6d4cf56db6-" + number,
              4,
              uid(number)));
      out.writeString(6, "node-" + number % NODES);
      out.writeString(7, "zone-" + number % 3);
      byte[] hint = fields(1, "zone-" + number % 3);
      out.writeByteArray(8, message(hints -> hints.writeByteArray(1, hint)));
    });
  }

  /// A message of field numbers, each with its value behind it.
  private static byte[] fields(Object... numbersAndValues) throws IOException {
    return message(out -> {
      for (int i = 0; i < numbersAndValues.length; i += 2) {
        int number = (Integer) numbersAndValues[i];
        if (numbersAndValues[i + 1] instanceof Integer value) {
          out.writeInt32(number, value);
        } else {
          out.writeString(number, numbersAndValues[i + 1].toString());
        }
      }
    });
  }
}
