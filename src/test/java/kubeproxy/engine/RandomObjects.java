package kubeproxy.engine;

import static kubeproxy.testing.Cluster.key;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.ServicePort;
import kubeproxy.testing.Cluster;

/// Random Services and slices of a few names. No two Services ever want the same address or port.
final class RandomObjects {
  /// So few that events often meet the same one.
  static final int SERVICES = 8;

  private final Random random;

  RandomObjects(Random random) {
    this.random = random;
  }

  String name() {
    return "s" + random.nextInt(SERVICES);
  }

  IpFamily family() {
    return random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  ClusterObject service() {
    int number = random.nextInt(SERVICES);
    boolean udp = random.nextInt(4) > 0;
    ServicePort port =
        new ServicePort(
            "",
            udp ? Protocol.UDP : Protocol.TCP,
            53,
            random.nextInt(3) == 0 ? 30_000 + number : 0);
    int healthPort = random.nextInt(3) == 0 ? 31_000 + number : 0;
    String ip4 = "10.0." + random.nextInt(2) + "." + (number + 1);
    List<Problem> problems = new ArrayList<>();
    if (random.nextInt(5) == 0) {
      problems.add(
          new Problem(
              "Service", key("s" + number), "spec", "x", Problem.Reason.UNSUPPORTED, "odd"));
    }
    return switch (random.nextInt(3)) {
      case 0 -> Cluster.service("s" + number, port, healthPort, problems, ip4);
      case 1 -> Cluster.service("s" + number, port, healthPort, problems, "fd00::" + number);
      default -> Cluster.service("s" + number, port, healthPort, problems, ip4, "fd00::" + number);
    };
  }

  ClusterObject slice() {
    IpFamily family = family();
    String prefix = family == IpFamily.IPV4 ? "10.1.0." : "fd01::";
    String[] ips =
        random
            .ints(random.nextInt(4), 1, 7)
            .distinct()
            .mapToObj(i -> prefix + i)
            .toArray(String[]::new);
    return Cluster.udpSlice(family, name(), ips);
  }
}
