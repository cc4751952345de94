package kubeproxy.relay;

import java.util.concurrent.atomic.LongAdder;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.SctpMessages;
import kubeproxy.kernel.socket.Streams;
import org.jspecify.annotations.Nullable;

/// One of the two directions of a connection: from a socket into the other.
///
/// Small pieces are copied through the buffer of the loop, which takes two calls; streams that fill
/// it go through a pipe (splice(2)), which never copies them. Nothing is taken from a sender that
/// the receiver has no room for, but for what one call took too much: that waits in a pipe. Where
/// there is no pipe left, bytes are only looked at, sent, and then taken. So are messages of SCTP,
/// which a pipe would not keep apart.
final class Direction {

  /// What became of an attempt to move bytes.
  enum Progress {
    /// Waits for an event.
    WAITING,
    /// There is more to do, but others come first.
    MORE,
    /// Everything was passed on, the end included.
    FINISHED,
    /// A side ended abruptly.
    FAILED
  }

  // What one connection may move before it is another's turn.
  private static final int TURN_BYTES = 1 << 20;
  private static final int AGAIN = -Errno.EAGAIN.number();
  private static final int INTERRUPTED = -Errno.EINTR.number();

  // From how many bytes at once a stream is worth a pipe.
  private static final int BULK_BYTES = 32 << 10;

  private final Transport transport;
  private final LongAdder counter;
  private @Nullable Pipe pipe;
  private int held;
  private long moved;
  private boolean bulk;
  private boolean finished;
  private int from = -1;
  private int to = -1;

  /// The sender may have sent something.
  boolean readable;

  /// The receiver may have room.
  boolean writable;

  /// The sender has ended, so that reading must go on until its end is seen.
  boolean hungUp;

  /// The sender has sent urgent data, at which reading stops short, and splicing for good. The byte
  /// itself is not passed on.
  boolean urgent;

  private boolean ended;
  private boolean sent;
  private boolean hastened;

  /// @param counter of the bytes that are passed on
  /// @param hastened whether the receiver's socket sends small pieces at once
  Direction(Transport transport, LongAdder counter, boolean hastened) {
    this.transport = transport;
    this.counter = counter;
    this.hastened = hastened;
  }

  /// Says between which descriptors.
  void connect(int sender, int receiver) {
    from = sender;
    to = receiver;
  }

  /// Whether the sender's end was passed on.
  boolean finished() {
    return finished;
  }

  /// Moves what can be moved.
  Progress pump(LoopTools tools) {
    if (finished) {
      return Progress.FINISHED;
    }
    Progress progress = move(tools);
    if (moved > 0) {
      counter.add(moved);
      moved = 0;
    }
    if (pipe != null && held == 0) {
      tools.pipes().give(pipe);
      pipe = null;
    }
    finished = progress == Progress.FINISHED;
    return progress;
  }

  /// Lets go of what was not passed on.
  void drop(LoopTools tools) {
    if (pipe != null) {
      tools.pipes().discard(pipe);
      pipe = null;
      held = 0;
    }
  }

  private Progress move(LoopTools tools) {
    while (true) {
      if (pipe != null && held > 0) {
        if (!writable) {
          return Progress.WAITING;
        }
        beforeSending(tools);
        if (!empty(tools.streams(), pipe)) {
          return Progress.FAILED;
        }
      } else if (ended) {
        return Progress.FINISHED;
      } else if (!readable || !writable) {
        return Progress.WAITING;
      } else if (moved >= TURN_BYTES) {
        return Progress.MORE;
      } else if (!fill(tools)) {
        return Progress.FAILED;
      }
    }
  }

  // Many connections carry one small piece and end, and that waits for nothing.
  private void beforeSending(LoopTools tools) {
    if (!hastened && sent) {
      hastened = true;
      transport.hasten(tools.sockets(), to);
    }
    sent = true;
  }

  private boolean fill(LoopTools tools) {
    if (transport == Transport.SCTP) {
      return passMessage(tools.messages());
    }
    if (pipe == null && !tools.pipes().ready()) {
      return lookAndSend(tools);
    }
    return (bulk && !urgent) ? splice(tools) : copy(tools);
  }

  private boolean splice(LoopTools tools) {
    if (pipe == null) {
      pipe = tools.pipes().take();
    }
    int taken = tools.streams().splice(from, pipe.writeEnd(), Pipes.FILL_BYTES);
    if (taken <= 0) {
      return nothingTaken(taken);
    }
    held = taken;
    bulk = taken >= BULK_BYTES;
    return true;
  }

  private boolean empty(Streams streams, Pipe full) {
    int passed = streams.splice(full.readEnd(), to, held);
    if (passed > 0) {
      held -= passed;
      moved += passed;
      return true;
    }
    writable &= passed != AGAIN;
    return passed == AGAIN || passed == INTERRUPTED;
  }

  private boolean copy(LoopTools tools) {
    Streams streams = tools.streams();
    int taken = streams.receive(from);
    if (taken <= 0) {
      return nothingTaken(taken);
    }
    seeWhetherMore(streams, taken);
    bulk = taken >= BULK_BYTES;
    beforeSending(tools);
    int passed = streams.send(to, 0, taken);
    if (passed < 0 && passed != AGAIN && passed != INTERRUPTED) {
      return false;
    }
    passed = Math.max(0, passed);
    moved += passed;
    if (passed < taken) {
      pipe = pipe == null ? tools.pipes().take() : pipe;
      held = streams.write(pipe.writeEnd(), passed, taken);
      return held == taken - passed;
    }
    return true;
  }

  private boolean lookAndSend(LoopTools tools) {
    Streams streams = tools.streams();
    int seen = streams.peek(from);
    if (seen <= 0) {
      return nothingTaken(seen);
    }
    beforeSending(tools);
    int passed = streams.send(to, 0, seen);
    if (passed < 0) {
      writable &= passed != AGAIN;
      return passed == AGAIN || passed == INTERRUPTED;
    }
    moved += passed;
    if (passed == seen) {
      seeWhetherMore(streams, seen);
    }
    return streams.discard(from, passed) == passed;
  }

  // A message is passed on as a whole, so one that there is no room for stays with its sender.
  private boolean passMessage(SctpMessages messages) {
    int seen = messages.peek(from);
    if (seen <= 0) {
      return nothingTaken(seen);
    }
    int passed = messages.send(to, seen);
    if (passed < 0) {
      writable &= passed != AGAIN;
      return passed == AGAIN || passed == INTERRUPTED;
    }
    moved += passed;
    return messages.take(from) == seen;
  }

  // A queue that gave less than it was asked for is empty, and the kernel tells of what comes next;
  // but not twice of an end.
  private void seeWhetherMore(Streams streams, int taken) {
    readable = taken == streams.bufferBytes() || hungUp || urgent;
  }

  private boolean nothingTaken(int result) {
    ended = result == 0;
    readable &= result != AGAIN;
    urgent &= result != AGAIN;
    return ended || result == AGAIN || result == INTERRUPTED;
  }
}
