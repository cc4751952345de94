package kubeproxy.relay;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.DatagramPeer;
import kubeproxy.kernel.socket.Datagrams;
import org.jspecify.annotations.Nullable;

/// Sends received datagrams on, runs of equal length as one message for the kernel to cut
/// (`UDP_SEGMENT`): passing through the kernel once instead of once each is most of their cost.
/// Where the kernel does not cut, because they are longer than the way can carry in one piece, they
/// go one by one. Belongs to one loop.
final class DatagramSender {
  private static final int AGAIN = -Errno.EAGAIN.number();
  private static final int INTERRUPTED = -Errno.EINTR.number();
  private static final int REFUSED = -Errno.ECONNREFUSED.number();

  private final Datagrams datagrams;
  // What the messages that are being put together consist of.
  private final List<Run> runs = new ArrayList<>();
  private final List<Run> uncut = new ArrayList<>();
  private long bytes;
  private boolean refused;
  private boolean cut;

  /// Datagrams of consecutive places in one message.
  private record Run(int first, int end, int bytes, boolean segmented) {}

  DatagramSender(Datagrams datagrams) {
    this.datagrams = datagrams;
  }

  /// Sends the datagrams at places from `first` to before `end`. Those that the kernel does not
  /// take are lost, as datagrams may be.
  ///
  /// @param to for whom; null if the socket is connected
  /// @param cutting whether runs may be sent as one
  void send(int socket, @Nullable DatagramPeer to, int first, int end, boolean cutting) {
    bytes = 0;
    refused = false;
    cut = true;
    for (int place = first; place < end; ) {
      place = cutting ? putRun(to, place, end) : putEach(socket, to, place);
    }
    flush(socket);
    if (!uncut.isEmpty()) {
      cut = false;
      for (Run run : uncut) {
        for (int place = run.first(); place < run.end(); ) {
          place = putEach(socket, to, place);
        }
      }
      uncut.clear();
      flush(socket);
    }
  }

  /// How many bytes the last [#send] sent.
  long bytes() {
    return bytes;
  }

  /// Whether the kernel had heard that nobody listens at the other side (`ECONNREFUSED`); one
  /// message was not sent for that.
  boolean refused() {
    return refused;
  }

  /// Whether runs are worth trying again.
  boolean cut() {
    return cut;
  }

  private int putRun(@Nullable DatagramPeer to, int first, int end) {
    datagrams.readControl(first);
    int length = datagrams.length(first);
    int segment = datagrams.segment();
    if (segment > 0) {
      // Already a run when it was received.
      boolean segmented = segment < length;
      datagrams.begin(to, segmented ? segment : 0);
      datagrams.add(first, 0, length);
      runs.add(new Run(first, first + 1, length, segmented));
      return first + 1;
    }
    int runEnd = runEnd(first, end, length);
    datagrams.begin(to, runEnd - first > 1 ? length : 0);
    int total = 0;
    for (int i = first; i < runEnd; i++) {
      datagrams.add(i, 0, datagrams.length(i));
      total += datagrams.length(i);
    }
    runs.add(new Run(first, runEnd, total, runEnd - first > 1));
    return runEnd;
  }

  // All of a run are equally long, but for the last, which may be shorter.
  private int runEnd(int first, int end, int length) {
    int total = length;
    int next = first + 1;
    while (next < end && next - first < Datagrams.MAX_SEGMENTS) {
      int nextLength = datagrams.length(next);
      total += nextLength;
      datagrams.readControl(next);
      if (nextLength == 0
          || nextLength > length
          || datagrams.segment() > 0
          || total > Datagrams.MAX_MESSAGE_BYTES) {
        break;
      }
      next++;
      if (nextLength < length) {
        break;
      }
    }
    return next;
  }

  private int putEach(int socket, @Nullable DatagramPeer to, int place) {
    datagrams.readControl(place);
    int length = datagrams.length(place);
    int step = datagrams.segment() > 0 ? datagrams.segment() : Math.max(1, length);
    int offset = 0;
    do {
      if (datagrams.isFull()) {
        flush(socket);
      }
      int piece = Math.min(step, length - offset);
      datagrams.begin(to, 0);
      datagrams.add(place, offset, piece);
      runs.add(new Run(place, place + 1, piece, false));
      offset += step;
    } while (offset < length);
    return place + 1;
  }

  private void flush(int socket) {
    int next = 0;
    while (next < datagrams.messages()) {
      int sent = datagrams.send(socket, next);
      for (int i = 0; i < sent; i++) {
        bytes += runs.get(next + i).bytes();
      }
      if (sent > 0) {
        next += sent;
      } else if (sent != INTERRUPTED) {
        // The error is of the first message; the others may still be sent.
        notSent(runs.get(next), sent);
        next++;
      }
    }
    datagrams.clear();
    runs.clear();
  }

  private void notSent(Run run, int error) {
    if (error == REFUSED) {
      refused = true;
    } else if (run.segmented() && error != AGAIN) {
      uncut.add(run);
    }
  }
}
