import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The traffic of `./demo`: pods that answer, clients that ask, and a table of what happened.
/// Compiled and run by `./demo`, which makes the network first.
///
/// Arguments: folder of the manifests (a copy, which is edited), process number of kube-proxy,
/// `keep` or `end`, the proxy mode.
public final class Demo {

  /// Enough that each of three pods is left out once in 10^50 runs, and the shares look even.
  private static final int CONNECTIONS = 300;

  /// How long kube-proxy may take to come up: many times what it needs on a slow machine.
  private static final int START_MILLIS = 60_000;

  /// Traffic must have moved this soon after a file has changed.
  private static final int MOVE_MILLIS = 2_000;

  /// A reset takes well under a millisecond; a SYN that got no answer is repeated after a second.
  private static final int REFUSED_MILLIS = 500;

  private static final Map<String, List<String>> PODS =
      new TreeMap<>(
          Map.of(
              "pod1", List.of("10.244.0.11", "fd00:244::11"),
              "pod2", List.of("10.244.0.12", "fd00:244::12"),
              "pod3", List.of("10.244.1.13", "fd00:244:1::13")));

  private final Path manifests;
  private final ProcessHandle kubeProxy;

  /// Whether the proxy itself connects to pods, which then see its address.
  private final boolean relayed;

  private boolean good = true;

  private Demo(Path manifests, ProcessHandle kubeProxy, boolean relayed) {
    this.manifests = manifests;
    this.kubeProxy = kubeProxy;
    this.relayed = relayed;
  }

  /// Exits with 1 if anything is not as it should be.
  public static void main(String[] arguments) throws Exception {
    ProcessHandle proxy = ProcessHandle.of(Long.parseLong(arguments[1])).orElseThrow();
    var demo = new Demo(Path.of(arguments[0]), proxy, arguments[3].equals("userspace"));
    for (var pod : PODS.entrySet()) {
      Hosts.serve(pod.getKey(), pod.getValue());
    }
    demo.waitUntilHealthy();
    demo.show();
    if (demo.good && arguments[2].equals("keep")) {
      System.out.println("KEEP");
      Thread.currentThread().join();
    }
    System.exit(demo.good ? 0 : 1);
  }

  // ---- What is shown

  private void show() throws Exception {
    System.out.printf("%n     %-47s %-32s %-13s %8s%n", "", "answered by", "saw", "time");
    Set<String> all = PODS.keySet();
    check("pod1", "10.96.0.10", 80, "ClusterIP, spread over its pods", all, Seen.ANY);
    check("outside", "192.168.0.2", 30080, "NodePort from outside", all, Seen.NODE);
    check("outside", "198.51.100.10", 80, "external IP from outside", all, Seen.NODE);
    check("pod1", "fd00:96::10", 80, "ClusterIP over IPv6", all, Seen.ANY);
    check("outside", "fd00:192::2", 30080, "NodePort over IPv6", all, Seen.NODE);
    checkUdp();
    checkAffinity();
    Seen client = relayed ? Seen.NODE : Seen.CLIENT;
    check("outside", "198.51.100.20", 80, "load balancer, policy Local", Set.of("pod2"), client);
    checkHairpin();
    checkRefused();
    checkMove();
    System.out.println();
  }

  private void check(
      String from, String address, int port, String what, Set<String> pods, Seen seen)
      throws Exception {
    var shares = new TreeMap<String, Integer>();
    var sources = new TreeSet<String>();
    long start = System.nanoTime();
    String failure = "";
    for (int i = 0; i < CONNECTIONS && failure.isEmpty(); i++) {
      try {
        Hosts.Answer answer = Hosts.ask(from, address, port);
        shares.merge(answer.pod(), 1, Integer::sum);
        sources.add(answer.source());
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
    }
    boolean right =
        failure.isEmpty() && shares.keySet().equals(pods) && sources.stream().allMatch(seen::fits);
    line(
        right,
        what + ", " + destination(address, port),
        failure.isEmpty() ? shares(shares) : failure,
        String.join(" ", sources.stream().limit(1).toList()) + (sources.size() > 1 ? " .." : ""),
        micros((System.nanoTime() - start) / CONNECTIONS));
  }

  private void checkUdp() throws Exception {
    var shares = new TreeMap<String, Integer>();
    long start = System.nanoTime();
    for (int i = 0; i < CONNECTIONS; i++) {
      shares.merge(
          Hosts.askUdp("pod1", "10.96.0.53", 53).map(Hosts.Answer::pod).orElse("lost"),
          1,
          Integer::sum);
    }
    line(
        shares.keySet().equals(Set.of("pod1", "pod2")),
        "UDP, " + destination("10.96.0.53", 53),
        shares(shares),
        "",
        micros((System.nanoTime() - start) / CONNECTIONS));
  }

  private void checkAffinity() throws Exception {
    var shares = new TreeMap<String, Integer>();
    long start = System.nanoTime();
    for (int i = 0; i < CONNECTIONS; i++) {
      shares.merge(Hosts.ask("pod1", "10.96.0.30", 80).pod(), 1, Integer::sum);
    }
    line(
        shares.size() == 1,
        "session affinity, " + destination("10.96.0.30", 80),
        shares(shares),
        "",
        micros((System.nanoTime() - start) / CONNECTIONS));
  }

  /// A pod that its own Service leads back to itself must not see its own address as the client.
  private void checkHairpin() throws Exception {
    long start = System.nanoTime();
    Hosts.Answer answer = Hosts.ask("pod1", "10.96.0.10", 80);
    for (int i = 0; i < CONNECTIONS && !answer.pod().equals("pod1"); i++) {
      start = System.nanoTime();
      answer = Hosts.ask("pod1", "10.96.0.10", 80);
    }
    line(
        answer.pod().equals("pod1") && Seen.NODE.fits(answer.source()),
        "pod1 to itself through its Service",
        answer.pod(),
        answer.source(),
        micros(System.nanoTime() - start));
  }

  private void checkRefused() throws Exception {
    long start = System.nanoTime();
    String outcome;
    try {
      outcome = Hosts.ask("pod1", "10.96.0.40", 80).pod();
    } catch (ConnectException e) {
      outcome = "refused";
    } catch (IOException e) {
      outcome = String.valueOf(e.getMessage());
    }
    long nanos = System.nanoTime() - start;
    line(
        outcome.equals("refused") && nanos < REFUSED_MILLIS * 1_000_000L,
        "Service without endpoints, " + destination("10.96.0.40", 80),
        outcome,
        "",
        micros(nanos));
  }

  /// Takes pod3 out of the web Service and counts until nobody is sent there any more.
  private void checkMove() throws Exception {
    Path file = manifests.resolve("web.yaml");
    Path edited = Files.createTempFile(manifests.getParent(), "web", ".edited");
    String text = Files.readString(file);
    String without =
        text.replaceAll("- addresses:\\n  - (10.244.1.13|fd00:244:1::13)\\n(  .*\\n)+", "");
    Files.writeString(edited, without);
    long start = System.nanoTime();
    Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE);
    long last = start;
    int failed = 0;
    int sent = 0;
    // Pod3 had a third of the traffic: 60 answers in a row from others are no coincidence.
    for (int quiet = 0;
        quiet < 60 && System.nanoTime() - start < MOVE_MILLIS * 1_000_000L;
        quiet++) {
      sent++;
      try {
        if (Hosts.ask("outside", "192.168.0.2", 30080).pod().equals("pod3")) {
          last = System.nanoTime();
          quiet = 0;
        }
      } catch (IOException e) {
        failed++;
      }
    }
    var shares = new TreeMap<String, Integer>();
    for (int i = 0; i < CONNECTIONS; i++) {
      shares.merge(Hosts.ask("outside", "192.168.0.2", 30080).pod(), 1, Integer::sum);
    }
    line(
        failed == 0 && !text.equals(without) && shares.keySet().equals(Set.of("pod1", "pod2")),
        "pod3 taken out of web.yaml, then",
        shares(shares),
        "",
        "");
    System.out.printf(
        "       the last answer of pod3 came %d ms after the file changed;"
            + " of %d connections meanwhile %d failed%n",
        (last - start) / 1_000_000, sent, failed);
  }

  private void line(boolean right, String what, String who, String saw, String time) {
    good &= right;
    System.out.printf("  %s  %-47s %-32s %-13s %8s%n", right ? "✓" : "✗", what, who, saw, time);
  }

  private static String shares(Map<String, Integer> shares) {
    return shares.entrySet().stream()
        .map(share -> share.getKey() + " " + 100 * share.getValue() / CONNECTIONS + "%")
        .collect(Collectors.joining(", "));
  }

  private static String destination(String address, int port) {
    return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
  }

  private static String micros(long nanos) {
    long micros = nanos / 1_000;
    return micros < 10_000 ? micros + " us" : micros / 1_000 + " ms";
  }

  /// Whose address a pod must see.
  private enum Seen {
    ANY,
    CLIENT,
    NODE;

    boolean fits(String source) {
      return switch (this) {
        case ANY -> true;
        case CLIENT -> source.equals(Hosts.CLIENT);
        case NODE ->
            List.of("192.168.0.2", "10.244.0.1", "fd00:192::2", "fd00:244::1").contains(source);
      };
    }
  }

  // ---- Waiting for kube-proxy

  private void waitUntilHealthy() throws Exception {
    long start = System.nanoTime();
    while (!healthy()) {
      if (!kubeProxy.isAlive()) {
        fail("kube-proxy ended");
      }
      if (System.nanoTime() - start > START_MILLIS * 1_000_000L) {
        fail("kube-proxy is not healthy after " + START_MILLIS / 1000 + " s");
      }
      Thread.sleep(20);
    }
    long age =
        System.currentTimeMillis() - kubeProxy.info().startInstant().orElseThrow().toEpochMilli();
    System.out.printf("  ✓  kube-proxy is healthy, %.1f s after its start%n", age / 1000.0);
  }

  /// Healthy starts before the first rules are in: wait for traffic too.
  private boolean healthy() throws Exception {
    try {
      String status =
          Hosts.http("node", "127.0.0.1", 10256, "/healthz").lines().findFirst().orElse("");
      return status.contains(" 200") && Hosts.ask("pod1", "10.96.0.10", 80) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void fail(String message) {
    System.out.println("  ✗  " + message);
    System.exit(1);
  }
}
