package kubeproxy.nftables.apply;

import java.util.Arrays;
import java.util.List;
import kubeproxy.nftables.diff.Operation;

/// Which message of a batch carries which operations and where, to name the one that the kernel
/// refused.
final class BatchIndex {
  private final List<Operation> operations;

  /// Where in its message each operation begins, in bytes from the start of the message.
  private final int[] offsets;

  /// The first operation of each message.
  private int[] firsts = new int[16];

  private final int firstSequence;
  private int messages;

  /// @param firstSequence number of the first message that carries an operation
  BatchIndex(List<Operation> operations, int firstSequence) {
    this.operations = operations;
    this.offsets = new int[operations.size()];
    this.firstSequence = firstSequence;
  }

  /// Notes that the next message begins with this operation.
  void message(int operation) {
    if (messages == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * messages);
    }
    firsts[messages++] = operation;
  }

  /// Notes where in its message an operation begins.
  void offset(int operation, int offset) {
    offsets[operation] = offset;
  }

  /// The operation that a refused message, or the refused attribute of it, belongs to.
  ///
  /// @param sequence number of the message
  /// @param attributeOffset where in it the refused attribute begins; negative if unknown
  Operation refused(int sequence, int attributeOffset) {
    int message = Math.clamp(sequence - firstSequence, 0, messages - 1);
    int at = firsts[message];
    int end = message + 1 < messages ? firsts[message + 1] : operations.size();
    while (at + 1 < end && offsets[at + 1] <= attributeOffset) {
      at++;
    }
    return operations.get(at);
  }
}
