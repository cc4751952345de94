package kubeproxy.status;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/// Makes metrics under `kubeproxy_` with the stability in front of their help, as Kubernetes does.
///
/// @param registry where they are registered
record MetricFactory(PrometheusRegistry registry) {
  private static final String PREFIX = "kubeproxy_";
  private static final String STABILITY = "[ALPHA] ";

  Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(PREFIX + name)
        .help(STABILITY + help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder()
        .name(PREFIX + name)
        .help(STABILITY + help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /// A gauge of what is asked for when it is read.
  void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(PREFIX + name)
        .help(STABILITY + help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  Histogram histogram(String name, String help, double[] bounds, String... labels) {
    return Histogram.builder()
        .name(PREFIX + name)
        .help(STABILITY + help)
        .labelNames(labels)
        .classicOnly()
        .classicUpperBounds(bounds)
        .withoutExemplars()
        .register(registry);
  }
}
