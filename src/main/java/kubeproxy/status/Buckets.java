package kubeproxy.status;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Upper bounds of histograms, in seconds; those of kube-proxy, so that dashboards can add nodes
/// up.
final class Buckets {
  private static final int SYNC_BUCKETS = 15;

  private Buckets() {}

  /// 1 ms, doubling up to 16.384 s.
  static double[] sync() {
    return IntStream.range(0, SYNC_BUCKETS).mapToDouble(power -> (1 << power) / 1000.0).toArray();
  }

  /// From 0.25 s to 5 minutes: fine up to one minute, then every 5 s to 2 minutes, then every 30 s.
  /// There is a 0 in front, because kube-proxy has one: a change from a clock that is ahead.
  static double[] networkProgramming() {
    return Stream.of(
            DoubleStream.of(0, 0.25, 0.5), range(1, 59, 1), range(60, 115, 5), range(120, 300, 30))
        .flatMapToDouble(part -> part)
        .toArray();
  }

  private static DoubleStream range(int first, int last, int step) {
    return IntStream.iterate(first, bound -> bound <= last, bound -> bound + step).asDoubleStream();
  }
}
