package kubeproxy.relay;

import java.util.concurrent.atomic.LongAdder;

/// What has passed through one Service port, counted by all loops at once.
final class Traffic {
  final LongAdder connections = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder failedDials = new LongAdder();
  final LongAdder unserved = new LongAdder();
  final LongAdder shed = new LongAdder();
  final LongAdder refusedSources = new LongAdder();
  final LongAdder resets = new LongAdder();

  RelayCounters read() {
    // In this order what is active is never negative.
    long over = ended.sum();
    long begun = connections.sum();
    return new RelayCounters(
        begun,
        begun - over,
        bytesIn.sum(),
        bytesOut.sum(),
        failedDials.sum(),
        unserved.sum(),
        shed.sum(),
        refusedSources.sum(),
        resets.sum());
  }
}
