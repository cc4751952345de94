package kubeproxy.plan;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;

/// The text form of a plan, one for goldens, dry runs and bug reports. Equal plans print the same
/// text and different ones different texts; it is stable between versions as far as plans are.
///
/// Two spaces of indentation a level, one fact a line, Services by key, everything else in the
/// order of the plan:
///
/// ```
/// plan IPv4
///   masquerade-all no
///   local-source 10.0.0.0/8
///   node-ports 192.168.0.2
///   service-cidrs 172.30.0.0/16
/// service ns1/svc1
///   cluster-ips 172.30.0.41
///   health-check-port 30100
///   local-ready 1
///   port p80/TCP affinity 10800s
///     ClusterIP 172.30.0.41:80 internal 10.180.0.1:80 10.180.1.1:80
///     LoadBalancer 1.2.3.4:80 external-local 10.180.0.1:80 of 10.180.0.1:80 10.180.1.1:80
///       allowed 203.0.113.0/25
///     NodePort *:30080 external-cluster 10.180.0.1:80 10.180.1.1:80
///     hairpins 10.180.0.1:80
///     serving 10.180.0.1:80
/// problems ns2/svc2
///   ADDRESS_CONFLICT Service ns2/svc2 spec.externalIPs "172.30.0.41:80/TCP": belongs to ...
/// ```
///
/// Empty lists, absent affinity, policies and health ports are left out. Frontends show their
/// protocol only through their port. An `external-local` treatment names the local pool, then
/// after `of` the whole one; `reject` and `drop` stand alone.
public final class PlanText {
  private final StringBuilder text = new StringBuilder();

  private PlanText() {}

  /// Prints a plan; every line ends in a newline.
  public static String print(NodePlan plan) {
    PlanText printer = new PlanText();
    printer.line(0, "plan " + plan.family().label());
    printer.settings(plan.settings());
    TreeSet<ObjectKey> keys = new TreeSet<>(plan.services().sortedKeys());
    keys.addAll(plan.problems().sortedKeys());
    for (ObjectKey key : keys) {
      PlannedService service = plan.services().get(key);
      if (service != null) {
        printer.service(service);
      }
      List<Problem> problems = plan.problems().get(key);
      if (problems != null) {
        printer.problems(key, problems);
      }
    }
    return printer.text.toString();
  }

  private void settings(NodeSettings settings) {
    line(1, "masquerade-all " + (settings.masqueradeAll() ? "yes" : "no"));
    line(1, "local-source " + print(settings.localSource()));
    line(1, "node-ports " + print(settings.nodePortAddresses()));
    list(1, "loopback-node-ports", settings.loopbackNodePorts());
    list(1, "service-cidrs", settings.serviceCidrs());
  }

  private static String print(LocalSource source) {
    return switch (source) {
      case LocalSource.Unknown() -> "unknown";
      case LocalSource.FromPrefix(IpPrefix prefix) -> prefix.toString();
      case LocalSource.FromInterface(String name) -> "interface \"" + name + "\"";
      case LocalSource.FromInterfacePrefix(String prefix) -> "interfaces \"" + prefix + "\"*";
    };
  }

  private static String print(NodePortAddresses addresses) {
    return switch (addresses) {
      case NodePortAddresses.AllLocal() -> "all-local";
      case NodePortAddresses.Only(List<IpAddress> only) -> only.isEmpty() ? "none" : joined(only);
    };
  }

  private void service(PlannedService service) {
    line(0, "service " + service.key());
    list(1, "cluster-ips", service.ownedClusterIps());
    if (service.healthCheckNodePort() != 0) {
      line(1, "health-check-port " + service.healthCheckNodePort());
    }
    if (service.localReadyEndpoints() != 0) {
      line(1, "local-ready " + service.localReadyEndpoints());
    }
    service.ports().forEach(this::port);
  }

  private void port(PlannedPort port) {
    String affinity =
        port.affinityTimeoutSeconds() == 0
            ? ""
            : " affinity " + port.affinityTimeoutSeconds() + "s";
    String internal = port.internalLocal() ? " internal-local" : "";
    line(1, "port " + port.name().port() + "/" + port.name().protocol() + affinity + internal);
    port.frontends().forEach(this::frontend);
    list(2, "hairpins", port.hairpins());
    list(2, "serving", port.serving());
  }

  private void frontend(Frontend frontend) {
    IpAddress address = frontend.address();
    String where = address == null ? "*:" + frontend.port() : address.withPort(frontend.port());
    line(2, frontend.kind().label() + " " + where + " " + print(frontend.treatment()));
    list(3, "allowed", frontend.allowedSources());
  }

  private static String print(Treatment treatment) {
    return switch (treatment) {
      case Treatment.Reject() -> "reject";
      case Treatment.Drop() -> "drop";
      case Treatment.Internal(Pool pool) -> words("internal", pool.backends());
      case Treatment.ExternalCluster(Pool pool) -> words("external-cluster", pool.backends());
      case Treatment.ExternalLocal(Pool local, Pool cluster) ->
          words("external-local", local.backends()) + " " + words("of", cluster.backends());
    };
  }

  private void problems(ObjectKey key, List<Problem> problems) {
    line(0, "problems " + key);
    for (Problem problem : problems) {
      String object = problem.kind() + " " + problem.object() + " " + problem.field();
      line(
          1,
          problem.reason() + " " + object + " \"" + problem.value() + "\": " + problem.message());
    }
  }

  private void list(int indent, String label, List<?> elements) {
    if (!elements.isEmpty()) {
      line(indent, words(label, elements));
    }
  }

  private static String words(String label, List<?> elements) {
    return elements.isEmpty() ? label : label + " " + joined(elements);
  }

  private static String joined(List<?> elements) {
    return elements.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private void line(int indent, String line) {
    text.repeat("  ", indent).append(line).append('\n');
  }
}
