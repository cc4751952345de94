package kubeproxy.kernel.netlink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Carries netlink messages to the kernel and back: a [NetlinkSocket], or in a test something that
/// answers by itself.
public interface NetlinkTransport extends Closeable {

  /// How a [#receive] ended.
  enum Reception {
    /// The reader is before the first message that was received.
    MESSAGES,
    /// The time was over.
    NOTHING,
    /// The kernel had to drop messages because they were not fetched in time (`ENOBUFS`). Those
    /// that were queued before are still there.
    OVERRUN
  }

  /// The address of this socket, by which answers and notifications name it.
  int portId();

  /// Sends the remaining bytes of a direct buffer in one piece. The kernel has carried out what
  /// they ask for, and has queued its answers, when this returns.
  ///
  /// @throws IOException if the kernel took nothing
  void send(ByteBuffer messages) throws IOException;

  /// Receives what the kernel sent as one datagram, often several messages.
  ///
  /// @param reader is set before the first message; what it reads is valid until the next call
  /// @param timeoutMillis how long to wait in milliseconds; 0 does not wait, negative waits for ever
  Reception receive(MessageReader reader, int timeoutMillis) throws IOException;
}
