package kubeproxy.app;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.RelayCounters;
import kubeproxy.relay.RelayPort;

/// What passes through the relay, by Service port, read when metrics are asked for. A Service port
/// that goes takes its numbers along, and one that comes back begins anew.
final class RelayMetrics {
  private static final String PREFIX = "kubeproxy_relay_";
  private static final String[] PORT_LABELS = {"namespace", "service", "port", "protocol"};

  /// What can go wrong with a connection, by the label that it has.
  private static final Map<String, ToLongFunction<RelayCounters>> ERRORS =
      Map.of(
          "failed_dial", RelayCounters::failedDials,
          "unserved", RelayCounters::unserved,
          "shed", RelayCounters::shed,
          "refused_source", RelayCounters::refusedSources,
          "reset", RelayCounters::resets);

  private final PrometheusRegistry registry;
  private final RelayTraffic traffic;

  private RelayMetrics(PrometheusRegistry registry, RelayTraffic traffic) {
    this.registry = registry;
    this.traffic = traffic;
  }

  /// @param traffic asked by the threads that serve metrics
  static void register(PrometheusRegistry registry, RelayTraffic traffic) {
    RelayMetrics metrics = new RelayMetrics(registry, traffic);
    metrics.counters();
    metrics.gauges();
  }

  private void counters() {
    counter("connections", "Connections accepted and UDP flows begun")
        .callback(to ->
            eachPort(
                (labels, counters) -> to.call((double) counters.connections(), labels.values())))
        .labelNames(PORT_LABELS)
        .register(registry);
    counter("bytes", "Bytes of payload, from clients (in) and to them (out)")
        .callback(to ->
            eachPort((labels, counters) -> {
              to.call((double) counters.bytesIn(), labels.and("in"));
              to.call((double) counters.bytesOut(), labels.and("out"));
            }))
        .labelNames(with("direction"))
        .register(registry);
    counter("errors", "Attempts to reach an endpoint, connections and datagrams that failed")
        .callback(to ->
            eachPort((labels, counters) ->
                ERRORS.forEach((reason, count) ->
                    to.call((double) count.applyAsLong(counters), labels.and(reason)))))
        .labelNames(with("reason"))
        .register(registry);
  }

  private void gauges() {
    gauge("active", "Connections and UDP flows that are open")
        .callback(to ->
            eachPort((labels, counters) -> to.call((double) counters.active(), labels.values())))
        .labelNames(PORT_LABELS)
        .register(registry);
    gauge("conflicts", "Addresses and ports of Services on which another process listens")
        .callback(to -> to.call(traffic.conflicts()))
        .register(registry);
    gauge("use", "How much is in use of what has a limit")
        .callback(to -> {
          var use = traffic.use();
          to.call(use.connections(), "connections");
          to.call(use.udpFlows(), "udp_flows");
          to.call((double) use.pipeBytes(), "pipe_bytes");
        })
        .labelNames("resource")
        .register(registry);
  }

  private static CounterWithCallback.Builder counter(String name, String help) {
    return CounterWithCallback.builder().name(PREFIX + name + "_total").help(help);
  }

  private static GaugeWithCallback.Builder gauge(String name, String help) {
    return GaugeWithCallback.builder().name(PREFIX + name).help(help);
  }

  private static String[] with(String label) {
    List<String> labels = new ArrayList<>(List.of(PORT_LABELS));
    labels.add(label);
    return labels.toArray(String[]::new);
  }

  /// The values of the labels of one Service port.
  private record Labels(ServicePortName name) {

    String[] values() {
      return list().toArray(String[]::new);
    }

    String[] and(String value) {
      List<String> all = list();
      all.add(value);
      return all.toArray(String[]::new);
    }

    private List<String> list() {
      return new ArrayList<>(
          List.of(
              name.service().namespace(),
              name.service().name(),
              name.port(),
              name.protocol().toString()));
    }
  }

  private interface Reader {
    void read(Labels labels, RelayCounters counters);
  }

  /// The pools of a port are one in metrics, and so are those of both families.
  private void eachPort(Reader reader) {
    Map<ServicePortName, RelayCounters> sums = new HashMap<>();
    for (RelayPort port : traffic.ports()) {
      sums.merge(port.name(), port.counters(), RelayMetrics::sum);
    }
    sums.forEach((name, counters) -> reader.read(new Labels(name), counters));
  }

  private static RelayCounters sum(RelayCounters one, RelayCounters other) {
    return new RelayCounters(
        one.connections() + other.connections(),
        one.active() + other.active(),
        one.bytesIn() + other.bytesIn(),
        one.bytesOut() + other.bytesOut(),
        one.failedDials() + other.failedDials(),
        one.unserved() + other.unserved(),
        one.shed() + other.shed(),
        one.refusedSources() + other.refusedSources(),
        one.resets() + other.resets());
  }
}
