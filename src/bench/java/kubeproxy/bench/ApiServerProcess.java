package kubeproxy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import kubeproxy.testing.api.FakeApiServer;
import kubeproxy.testing.api.KubeconfigFile;
import kubeproxy.testing.api.LiveApi;
import kubeproxy.testing.api.ObjectStore;
import kubeproxy.testing.api.ServerKeys;
import kubeproxy.testing.api.Tree;
import org.jspecify.annotations.Nullable;

/// An API server with a cluster of any size, in a process of its own, so that its work is not
/// counted. Told by its standard input what to change:
///
/// - `change COUNT RATE`: so many changes of one EndpointSlice each, so many a second; answers
///   the time of the last one, in nanoseconds of the monotonic clock.
///
/// The first endpoint of a changed slice has an address that says when the change was made: the
/// microseconds of the monotonic clock, modulo 2^32.
public final class ApiServerProcess {
  /// What every cluster has besides Services.
  private static final String SURROUNDINGS =
      """
      apiVersion: v1
      kind: Node
      metadata:
        name: %s
      status:
        addresses:
        - type: InternalIP
          address: 192.0.2.1
      ---
      apiVersion: networking.k8s.io/v1
      kind: ServiceCIDR
      metadata:
        name: kubernetes
      spec:
        cidrs:
        - 10.96.0.0/11
      """
          .formatted(SyntheticCluster.NODE);

  private final ObjectStore store = new ObjectStore();
  private final List<Map<String, @Nullable Object>> slices = new ArrayList<>();
  private int next;

  private ApiServerProcess(int services, int endpoints) throws IOException {
    StringWriter text = new StringWriter();
    ManifestGenerator.write(text, services, endpoints);
    Tree.ofYaml(SURROUNDINGS).forEach(store::put);
    Map<String, @Nullable Object> list = Tree.ofJson(text.toString());
    for (Object item : (List<?>) Objects.requireNonNull(list.get("items"))) {
      Map<String, @Nullable Object> object = Tree.map(item);
      store.put(object);
      if (Tree.textAt(object, "kind").equals("EndpointSlice")) {
        slices.add(object);
      }
    }
  }

  /// Usage: `ApiServerProcess SERVICES ENDPOINTS KUBECONFIG`. Writes the kubeconfig and says
  /// `ready`.
  public static void main(String[] args) throws IOException {
    ApiServerProcess process =
        new ApiServerProcess(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    Path kubeconfig = Path.of(args[2]);
    ServerKeys keys = ServerKeys.make(Files.createTempDirectory("api-server"), "kubernetes");
    try (FakeApiServer server = FakeApiServer.start(new LiveApi(process.store), keys);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      KubeconfigFile.write(kubeconfig, server.address(), keys.certificate());
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        System.out.println(process.change(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
      }
    }
  }

  private long change(int count, int perSecond) {
    long start = System.nanoTime();
    long last = start;
    for (int i = 0; i < count; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      last = System.nanoTime();
      store.put(stamped(slices.get(next++ % slices.size())));
    }
    return last;
  }

  private static Map<String, @Nullable Object> stamped(Map<String, @Nullable Object> slice) {
    List<Object> endpoints =
        new ArrayList<>((List<?>) Objects.requireNonNull(slice.get("endpoints")));
    int micros = (int) (System.nanoTime() / 1000);
    String address =
        (micros >>> 24)
            + "."
            + (micros >>> 16 & 0xff)
            + "."
            + (micros >>> 8 & 0xff)
            + "."
            + (micros & 0xff);
    endpoints.set(0, Tree.with(Tree.map(endpoints.getFirst()), "addresses", List.of(address)));
    return Tree.with(slice, "endpoints", endpoints);
  }
}
