package kubeproxy.status;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePortAddresses;

/// The ports on which load balancers ask whether this node has endpoints of a Service
/// (`spec.healthCheckNodePort`). Safe for any thread; in practice the sync thread tells it what is
/// installed. Opening and closing ports does not block.
///
/// A port that cannot be opened is tried again until it works or nobody wants it any more.
public final class HealthCheckServers implements AutoCloseable {
  /// All these ports together: load balancers are few, and each asks every few seconds.
  private static final int MAX_CONNECTIONS = 256;

  private final Set<IpFamily> families;
  private final HealthState health;
  private final Consumer<Failure> failed;
  private final HttpListener.Setup setup;
  private final Duration retryInterval;
  private final Map<IpFamily, NodePortAddresses> addresses = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, SortedMap<ObjectKey, Check>> checks = new EnumMap<>(IpFamily.class);
  private final Map<Place, Opened> opened = new HashMap<>();
  private final Set<Claim> failing = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean retrying;

  /// What there is to say about a Service in one family.
  ///
  /// @param port where load balancers ask, 1 to 65535
  /// @param localReadyEndpoints how many ready endpoints run on this node, 0 or more
  public record Check(int port, int localReadyEndpoints) {}

  /// A port that cannot be opened. It is told once, until it works or is not wanted any more.
  public record Failure(ObjectKey service, int port, String reason) {}

  /// Where to listen.
  private record Place(InetSocketAddress address, boolean ipv4Only) {
    @Override
    public String toString() {
      return HttpListener.text(address);
    }
  }

  /// Who wants a port.
  private record Claim(ObjectKey service, int port) {}

  private record Opened(HttpListener listener, HealthCheckAnswers answers) {}

  /// Nothing is open yet, and all local addresses are to be listened on.
  ///
  /// @param families those that are proxied
  /// @param health a Service has endpoints only as far as the proxy works
  /// @param failed told about ports that cannot be opened, under a lock; must not block
  public HealthCheckServers(
      Set<IpFamily> families,
      HealthState health,
      Clock clock,
      Consumer<Failure> failed,
      Logger log) {
    this(families, health, clock, failed, log, StatusServer.RETRY_INTERVAL);
  }

  HealthCheckServers(
      Set<IpFamily> families,
      HealthState health,
      Clock clock,
      Consumer<Failure> failed,
      Logger log,
      Duration retryInterval) {
    this.families = Set.copyOf(families);
    this.health = health;
    this.failed = failed;
    this.retryInterval = retryInterval;
    HttpConnections connections = new HttpConnections(MAX_CONNECTIONS, System::nanoTime);
    this.setup = new HttpListener.Setup(connections, clock, log);
    families.forEach(family -> checks.put(family, new TreeMap<>()));
  }

  /// Listens on other addresses from now on (`--nodeport-addresses`).
  public synchronized void listenOn(IpFamily family, NodePortAddresses wanted) {
    if (!wanted.equals(addresses.put(family, wanted))) {
      reconcile();
    }
  }

  /// What is installed now.
  ///
  /// @param wanted all Services of the family that have a health check port
  public synchronized void update(IpFamily family, SortedMap<ObjectKey, Check> wanted) {
    checks.put(family, new TreeMap<>(wanted));
    reconcile();
  }

  /// Closes all ports.
  @Override
  public synchronized void close() {
    closed.countDown();
    opened.values().forEach(each -> each.listener().close());
    opened.clear();
  }

  /// From the ports that are open to those that should be.
  private void reconcile() {
    if (closed.getCount() == 0) {
      return;
    }
    Set<Claim> failures = new HashSet<>();
    Map<Place, Map<IpFamily, HealthCheckAnswers.Served>> wanted = wanted(failures);
    // First those that go: what comes may want their addresses.
    opened
        .entrySet()
        .removeIf(entry -> {
          boolean goes = !wanted.containsKey(entry.getKey());
          if (goes) {
            log().v(2).info("Closing healthcheck", "address", entry.getKey());
            entry.getValue().listener().close();
          }
          return goes;
        });
    wanted.forEach((place, served) -> {
      Opened known = opened.get(place);
      if (known == null) {
        open(place, served, failures);
      } else {
        known.answers().replace(served);
      }
    });
    failing.retainAll(failures);
    failing.addAll(failures);
    if (!failing.isEmpty() && !retrying) {
      retrying = true;
      Thread.ofVirtual().name("healthcheck-retry").start(this::keepTrying);
    }
  }

  private Map<Place, Map<IpFamily, HealthCheckAnswers.Served>> wanted(Set<Claim> failures) {
    Map<Place, Map<IpFamily, HealthCheckAnswers.Served>> wanted = new LinkedHashMap<>();
    checks.forEach((family, services) ->
        services.forEach((service, check) -> {
          NodePortAddresses where = addressesOf(family);
          HealthCheckAnswers.Served served =
              new HealthCheckAnswers.Served(service, check.localReadyEndpoints(), where);
          places(family, where, check.port())
              .forEach(place -> {
                HealthCheckAnswers.Served owner =
                    wanted
                        .computeIfAbsent(place, _ -> new EnumMap<>(IpFamily.class))
                        .putIfAbsent(family, served);
                if (owner != null) {
                  fail(service, check.port(), "in use by " + owner.service(), failures);
                }
              });
        }));
    return wanted;
  }

  /// A family that is not known yet is taken to be like the other, so that nothing is opened to be
  /// closed again.
  private NodePortAddresses addressesOf(IpFamily family) {
    NodePortAddresses known = addresses.get(family);
    if (known != null) {
      return known;
    }
    return addresses.values().stream().anyMatch(NodePortAddresses.Only.class::isInstance)
        ? new NodePortAddresses.Only(List.of())
        : new NodePortAddresses.AllLocal();
  }

  /// The sockets for a port. In Java a socket for all IPv6 addresses always is one for all of IPv4,
  /// too; so where all of IPv6 is wanted, that one serves both.
  private Stream<Place> places(IpFamily family, NodePortAddresses where, int port) {
    boolean dualStack =
        families.contains(IpFamily.IPV6)
            && addressesOf(IpFamily.IPV6) instanceof NodePortAddresses.AllLocal;
    if (dualStack) {
      return Stream.of(new Place(new InetSocketAddress(inet(new byte[16]), port), false));
    }
    return switch (where) {
      case NodePortAddresses.AllLocal _ ->
          Stream.of(new Place(new InetSocketAddress(inet(new byte[4]), port), true));
      case NodePortAddresses.Only(List<IpAddress> only) ->
          only.stream()
              .filter(address -> address.family() == family)
              .map(address ->
                  new Place(
                      new InetSocketAddress(inet(address.toBytes()), port),
                      address instanceof Ipv4Address));
    };
  }

  private static InetAddress inet(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private void open(
      Place place, Map<IpFamily, HealthCheckAnswers.Served> served, Set<Claim> failures) {
    HealthCheckAnswers answers = new HealthCheckAnswers(health);
    answers.replace(served);
    int port = place.address().getPort();
    try {
      HttpListener listener =
          HttpListener.open(
              "healthcheck-" + port, place.address(), place.ipv4Only(), answers, setup);
      opened.put(place, new Opened(listener, answers));
      log().v(2).info("Opening healthcheck", "address", place);
    } catch (IOException e) {
      String reason = "listen tcp " + place + ": " + e.getMessage();
      served.values().stream()
          .map(HealthCheckAnswers.Served::service)
          .distinct()
          .forEach(service -> fail(service, port, reason, failures));
    }
  }

  private void fail(ObjectKey service, int port, String reason, Set<Claim> failures) {
    Claim claim = new Claim(service, port);
    if (failures.add(claim) && !failing.contains(claim)) {
      log()
          .error(
              null, "Failed to start healthcheck", "service", service, "port", port, "err", reason);
      failed.accept(new Failure(service, port, reason));
    }
  }

  private void keepTrying() {
    try {
      while (!closed.await(retryInterval.toNanos(), TimeUnit.NANOSECONDS)) {
        synchronized (this) {
          reconcile();
          if (failing.isEmpty()) {
            retrying = false;
            return;
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Logger log() {
    return setup.log();
  }
}
