package kubeproxy.nftables.diff;

import kubeproxy.nftables.program.NamedSet;

/// How large sets are made. A set with a limit is filled much faster, but cannot grow; it is then
/// made anew, two to four times as large as needed, within one transaction. It never shrinks.
final class SetSizes {
  /// Costs the kernel a few kilobytes a set and is enough for most nodes.
  private static final int MINIMUM = 1024;

  /// Clients that can be remembered, per family and kind. An entry takes the kernel about 150
  /// bytes; clients beyond are served without session affinity.
  private static final int LEARNED = 1 << 18;

  private SetSizes() {}

  /// The size of a new set that is to hold `count` elements; 0 for no limit.
  static int of(NamedSet set, int count) {
    if (set.isLearned()) {
      return LEARNED;
    }
    if (set.hasRanges()) {
      return 0;
    }
    return Math.max(MINIMUM, Integer.highestOneBit(Math.max(1, count)) * 4);
  }

  /// Whether a set of this size can hold `count` elements.
  static boolean fits(int size, int count) {
    return size == 0 || count <= size;
  }
}
