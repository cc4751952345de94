package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import kubeproxy.config.ProxyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every metric that kube-proxy has is here with the same type, labels and buckets, in the same
/// modes, or is listed with the reason why it has no meaning here.
class UpstreamMetricsTest {
  private static final String NONE = "-";
  private static final int COLUMNS = 5;

  private record Upstream(
      String name, String type, String labels, String buckets, List<String> modes) {

    static Upstream of(String line) {
      String[] columns = line.split(" ");
      assertThat(columns).as(line).hasSize(COLUMNS);
      return new Upstream(
          columns[0], columns[1], columns[2], columns[3], Arrays.asList(columns[4].split(",")));
    }

    boolean isIn(ProxyMode mode) {
      return modes.contains("all") || modes.contains(mode.label());
    }
  }

  private static List<String> lines() {
    try (InputStream table =
        Objects.requireNonNull(
            UpstreamMetricsTest.class.getResourceAsStream("upstream-metrics.txt"))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void everyMetricIsHereAsItIsThere(ProxyMode mode) {
    Exposed exposed = new Exposed(mode);
    List<String> differences = new ArrayList<>();
    lines().stream()
        .filter(line -> !line.startsWith("none "))
        .map(Upstream::of)
        .forEach(upstream -> {
          String name = upstream.name();
          String found = exposed.types().getOrDefault(name, NONE);
          String labels = String.join(",", exposed.labels(name));
          String wanted = upstream.isIn(mode) ? upstream.type() : NONE;
          if (!found.equals(wanted)) {
            differences.add(name + " is " + found + " and not " + wanted);
          } else if (!wanted.equals(NONE)
              && !(labels.isEmpty() ? NONE : labels).equals(upstream.labels())) {
            differences.add(name + " has labels " + labels);
          } else if (!wanted.equals(NONE)
              && !exposed.bounds(name).equals(bounds(upstream.buckets()))) {
            differences.add(name + " has buckets " + exposed.bounds(name));
          }
        });
    assertThat(differences).isEmpty();
  }

  @Test
  void whatHasNoMeaningIsNotHereAndSaysWhy() {
    Exposed exposed = new Exposed(ProxyMode.NFTABLES);
    List<String> without = lines().stream().filter(line -> line.startsWith("none ")).toList();
    assertThat(without).isNotEmpty();
    for (String line : without) {
      String[] parts = line.split(" ", 3);
      assertThat(parts).as(line).hasSize(3);
      assertThat(exposed.types()).doesNotContainKey(parts[1]);
    }
  }

  private static List<Double> bounds(String name) {
    return switch (name) {
      case NONE -> List.of();
      case "sync" -> IntStream.range(0, 15).mapToDouble(i -> 0.001 * (1 << i)).boxed().toList();
      case "npl" -> programming();
      case "latency" -> List.of(0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0);
      case "size" ->
          DoubleStream.of(
                  64, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216)
              .boxed()
              .toList();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static List<Double> programming() {
    List<Double> bounds = new ArrayList<>(List.of(0.0, 0.25, 0.5));
    IntStream.rangeClosed(1, 59).forEach(second -> bounds.add((double) second));
    IntStream.range(0, 12).forEach(i -> bounds.add(60.0 + 5 * i));
    IntStream.range(0, 7).forEach(i -> bounds.add(120.0 + 30 * i));
    return bounds;
  }
}
