package kubeproxy.app;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.Function;
import kubeproxy.iptables.apply.PacketCounters;
import kubeproxy.iptables.compile.CompileOptions;

/// What the rules of the iptables mode count in the kernel, read when metrics are asked for.
final class PacketMetrics implements AutoCloseable {
  private final PacketCounters counters;

  private PacketMetrics(PacketCounters counters) {
    this.counters = counters;
  }

  /// Shows those of the counters that are there, of the calling thread's network namespace.
  ///
  /// @throws IOException if the kernel knows no such counters
  static PacketMetrics open(PrometheusRegistry registry) throws IOException {
    PacketCounters counters = PacketCounters.open();
    register(registry, counters::packets);
    return new PacketMetrics(counters);
  }

  /// @param packets how many a counter of the kernel counted; empty if there is none of that name
  static void register(PrometheusRegistry registry, Function<String, OptionalLong> packets) {
    show(
        registry,
        "ct_state_invalid_dropped",
        "packets dropped by iptables to work around conntrack problems",
        CompileOptions.INVALID_COUNTER,
        packets);
    show(
        registry,
        "localhost_nodeports_accepted",
        "Number of packets accepted on nodeports of loopback interface",
        CompileOptions.LOCALHOST_COUNTER,
        packets);
  }

  private static void show(
      PrometheusRegistry registry,
      String name,
      String help,
      String counter,
      Function<String, OptionalLong> packets) {
    if (packets.apply(counter).isPresent()) {
      CounterWithCallback.builder()
          .name("kubeproxy_iptables_" + name + "_packets_total")
          .help("[ALPHA] " + help)
          .callback(
              callback -> packets.apply(counter).ifPresent(count -> callback.call((double) count)))
          .register(registry);
    }
  }

  @Override
  public void close() throws IOException {
    counters.close();
  }
}
