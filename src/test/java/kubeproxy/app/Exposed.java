package kubeproxy.app;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.apiclient.ClientEvent;
import kubeproxy.apiwatch.Condition;
import kubeproxy.apiwatch.KindState;
import kubeproxy.config.ProxyMode;
import kubeproxy.events.EventCounts;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Kind;
import kubeproxy.status.BuildDescription;
import kubeproxy.status.ProxyMetrics;

/// Everything that a proxy of some mode exposes at `/metrics` after it was told of something of
/// every kind.
final class Exposed {
  private static final KindState KIND =
      new KindState(
          Kind.SERVICE,
          "/api/v1/services",
          Condition.CONNECTED,
          "",
          true,
          0,
          1,
          0,
          1,
          1,
          1,
          OptionalLong.of(1),
          OptionalLong.of(1),
          OptionalLong.of(1));

  private final String text;
  private final Map<String, String> types = new HashMap<>();

  /// @param mode in which it runs
  Exposed(ProxyMode mode) {
    ProxyMetrics metrics =
        new ProxyMetrics(
            mode,
            EnumSet.allOf(IpFamily.class),
            new BuildDescription("v1.36.0", "abc", "linux/amd64"),
            Clock.systemUTC());
    metrics.watchPending(() -> 0, () -> 0);
    metrics.installed(IpFamily.IPV4, Map.of("chain", 1), Map.of());
    metrics.feature("Some", "BETA", true);
    metrics.reloaded("applied", true);
    metrics.manifestFiles("loaded", 1);
    ApiMetrics api = new ApiMetrics(metrics.registry(), System::nanoTime, Clock.systemUTC());
    tell(api);
    api.watch(() -> List.of(KIND));
    api.watchEvents(() -> new EventCounts(0, 0, 0, 0));
    if (mode == ProxyMode.IPTABLES) {
      PacketMetrics.register(metrics.registry(), _ -> OptionalLong.of(1));
    }
    text = scrape(metrics);
    Matcher matcher = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(text);
    while (matcher.find()) {
      types.put(matcher.group(1), matcher.group(2));
    }
  }

  private static void tell(ApiMetrics api) {
    Duration second = Duration.ofSeconds(1);
    api.on(new ClientEvent.Answered("GET", "host", 200, 0, second));
    api.on(new ClientEvent.Received("GET", "host", 1));
    api.on(new ClientEvent.Admitted("GET", "host", second));
    api.on(
        new ClientEvent.PluginCalled(
            0, ClientEvent.PluginStatus.NO_ERROR, Optional.of(Instant.now())));
    api.on(new ClientEvent.TokenRead(true));
    api.on(new ClientEvent.CertificateUsed(Instant.now(), Optional.empty()));
  }

  private static String scrape(ProxyMetrics metrics) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, metrics.registry().scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// Types by name.
  Map<String, String> types() {
    return types;
  }

  /// Names of the labels of a metric, without the bounds of buckets.
  SortedSet<String> labels(String name) {
    SortedSet<String> labels = new TreeSet<>();
    Pattern sample = Pattern.compile("(?m)^" + name + "(?:_bucket)?\\{([^}]*)}");
    Matcher samples = sample.matcher(text);
    while (samples.find()) {
      Matcher label = Pattern.compile("(\\w+)=\"").matcher(samples.group(1));
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    labels.remove("le");
    return labels;
  }

  /// Upper bounds of the buckets of a histogram, without the infinite one.
  List<Double> bounds(String name) {
    List<Double> bounds = new ArrayList<>();
    Matcher buckets = Pattern.compile("(?m)^" + name + "_bucket\\{.*le=\"([^\"]*)\"").matcher(text);
    while (buckets.find()) {
      if (!buckets.group(1).equals("+Inf")) {
        bounds.add(Double.parseDouble(buckets.group(1)));
      }
    }
    return bounds.stream().distinct().sorted().toList();
  }
}
