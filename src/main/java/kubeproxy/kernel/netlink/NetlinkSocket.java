package kubeproxy.kernel.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;

/// A netlink socket (netlink(7)) that talks with the kernel only. It belongs to the network
/// namespace of the thread that opens it.
///
/// Used by one thread at a time, a platform thread because waiting blocks it. [#close] may come from
/// any thread and ends a waiting [#receive] with an `AsynchronousCloseException`.
public final class NetlinkSocket implements NetlinkTransport {

  /// What a socket asks for to queue answers and notifications in. Only a limit: the kernel
  /// reserves nothing. Room for the errors of several thousand refused messages of a batch.
  public static final int RECEIVE_QUEUE_BYTES = 8 << 20;

  /// The longest datagram that is received. The kernel's are 32 KiB, more only where one object is
  /// larger by itself.
  public static final int DATAGRAM_LIMIT_BYTES = 16 << 20;

  // The kernel fills the parts of a dump up to the largest buffer it has seen, at most 32 KiB.
  private static final int INITIAL_DATAGRAM_BYTES = 32 << 10;

  // What the kernel subtracts from the send buffer for itself (`netlink_sendmsg`).
  private static final int SEND_OVERHEAD_BYTES = 32;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_DROP_MEMBERSHIP = 2;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int ADDRESS_BYTES = 12;
  private static final int ADDRESS_PORT_ID_OFFSET = 4;

  private final int descriptor;
  private final int wake;
  private final int portId;
  private final ReentrantLock use = new ReentrantLock();
  private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);
  private ByteBuffer datagram = datagramBuffer(INITIAL_DATAGRAM_BYTES);
  private int sendLimit;
  private volatile boolean closed;

  private NetlinkSocket(int descriptor, int wake) throws KernelException {
    this.descriptor = descriptor;
    this.wake = wake;
    Libc.bind(descriptor, kernelAddress());
    // Only what the kernel sends is then delivered, nothing from other processes.
    Libc.connect(descriptor, kernelAddress());
    portId =
        ByteBuffer.wrap(Libc.getsockname(descriptor, ADDRESS_BYTES))
            .order(ByteOrder.nativeOrder())
            .getInt(ADDRESS_PORT_ID_OFFSET);
    sendLimit = Libc.getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF");
  }

  /// Opens a socket with extended acknowledgements, errors that do not return the refused message,
  /// strictly checked requests where the protocol can, and a receive queue of
  /// [#RECEIVE_QUEUE_BYTES].
  ///
  /// @param protocol [Netlink#NETLINK_NETFILTER] and the like
  public static NetlinkSocket open(int protocol) throws KernelException {
    int descriptor = Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    int wake = -1;
    try {
      wake = Libc.eventfd();
      NetlinkSocket socket = new NetlinkSocket(descriptor, wake);
      socket.option(NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK");
      socket.option(NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK");
      if (protocol == Netlink.NETLINK_ROUTE) {
        socket.option(NETLINK_GET_STRICT_CHK, 1, "NETLINK_GET_STRICT_CHK");
      }
      socket.receiveQueue(RECEIVE_QUEUE_BYTES);
      return socket;
    } catch (KernelException failure) {
      closeQuietly(descriptor, failure);
      if (wake >= 0) {
        closeQuietly(wake, failure);
      }
      throw failure;
    }
  }

  @Override
  public int portId() {
    return portId;
  }

  /// Asks for another size of the receive queue; without privileges the kernel gives what
  /// `net.core.rmem_max` allows.
  ///
  /// @param bytes counted as the kernel does, with its own overhead for each message
  public void receiveQueue(int bytes) throws KernelException {
    int half = bytes / 2;
    try {
      Libc.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, half, "SO_RCVBUFFORCE");
    } catch (KernelException refused) {
      if (!refused.is(Errno.EPERM)) {
        throw refused;
      }
      Libc.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, half, "SO_RCVBUF");
    }
  }

  /// Subscribes to the notifications of a multicast group.
  ///
  /// @param group its number (`NFNLGRP_…`, `RTNLGRP_…`), not its bit
  public void joinGroup(int group) throws KernelException {
    option(NETLINK_ADD_MEMBERSHIP, group, "NETLINK_ADD_MEMBERSHIP");
  }

  /// Ends a subscription.
  public void leaveGroup(int group) throws KernelException {
    option(NETLINK_DROP_MEMBERSHIP, group, "NETLINK_DROP_MEMBERSHIP");
  }

  /// From now on the kernel drops what another socket caused before it reaches this one's queue:
  /// notifications of one's own changes. Answers to that port id are dropped too, so this is for
  /// sockets that only listen.
  ///
  /// @param portId port id of the socket that makes the changes
  public void ignoreCausedBy(int portId) throws KernelException {
    Libc.attachFilter(descriptor, SocketFilter.dropPortId(portId));
  }

  @Override
  public void send(ByteBuffer messages) throws IOException {
    use.lock();
    try {
      requireOpen();
      int length = messages.remaining();
      reserveSendBuffer(length);
      int sent = Libc.send(descriptor, messages, 0);
      if (sent != length) {
        throw new IOException("the kernel took " + sent + " of " + length + " bytes");
      }
    } finally {
      use.unlock();
    }
  }

  @Override
  public Reception receive(MessageReader reader, int timeoutMillis) throws IOException {
    use.lock();
    try {
      requireOpen();
      long start = System.nanoTime();
      while (true) {
        int result = receiveDatagram();
        if (result >= 0) {
          reader.wrap(datagram.limit(result));
          return Reception.MESSAGES;
        }
        int errno = -result;
        if (errno == Errno.ENOBUFS.number()) {
          return Reception.OVERRUN;
        }
        if (errno == Errno.EAGAIN.number()) {
          if (!awaitDatagram(start, timeoutMillis)) {
            return Reception.NOTHING;
          }
        } else if (errno != Errno.EINTR.number()) {
          throw new KernelException("recv", errno);
        }
      }
    } finally {
      use.unlock();
    }
  }

  /// Closes the socket; subscriptions end. Any thread may call, also more than once.
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    // Stays raised, so it does not matter whether the owner is already waiting or about to.
    Libc.raise(wake);
    use.lock();
    try {
      Libc.close(descriptor);
    } finally {
      use.unlock();
      Libc.close(wake);
    }
  }

  // Length of the datagram now in the buffer, or the negative error number.
  private int receiveDatagram() throws IOException {
    int length = Libc.recv(descriptor, nothing, Libc.MSG_PEEK | Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
    if (length < 0) {
      return length;
    }
    if (length > datagram.capacity()) {
      if (length > DATAGRAM_LIMIT_BYTES) {
        throw new IOException("the kernel sent a datagram of " + length + " bytes");
      }
      datagram = datagramBuffer(Integer.highestOneBit(length - 1) << 1);
    }
    datagram.clear();
    int received = Libc.recv(descriptor, datagram, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
    if (received > datagram.capacity()) {
      throw new IOException("a datagram grew to " + received + " bytes after it was measured");
    }
    return received;
  }

  // Whether there may be a datagram; false when the time is over.
  private boolean awaitDatagram(long start, int timeoutMillis) throws IOException {
    int remaining = timeoutMillis;
    if (timeoutMillis > 0) {
      long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      remaining = (int) Math.max(0, timeoutMillis - elapsed);
    }
    if (remaining == 0) {
      return false;
    }
    int ready = Libc.poll(descriptor, wake, remaining);
    if (closed) {
      throw new AsynchronousCloseException();
    }
    if (ready < 0 && -ready != Errno.EINTR.number()) {
      throw new KernelException("poll", -ready);
    }
    return true;
  }

  private void reserveSendBuffer(int length) throws KernelException {
    if (length <= sendLimit - SEND_OVERHEAD_BYTES) {
      return;
    }
    // The kernel doubles what it is asked for; it reserves nothing.
    int half = length / 2 + SEND_OVERHEAD_BYTES;
    try {
      Libc.setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, half, "SO_SNDBUFFORCE");
    } catch (KernelException refused) {
      if (!refused.is(Errno.EPERM)) {
        throw refused;
      }
      Libc.setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, half, "SO_SNDBUF");
    }
    sendLimit = Libc.getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF");
  }

  private void option(int option, int value, String name) throws KernelException {
    Libc.setsockopt(descriptor, SOL_NETLINK, option, value, name);
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  // struct sockaddr_nl of the kernel; as a local address: the kernel is to choose one.
  private static byte[] kernelAddress() {
    return ByteBuffer.allocate(ADDRESS_BYTES)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_NETLINK)
        .array();
  }

  private static ByteBuffer datagramBuffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static void closeQuietly(int descriptor, KernelException reason) {
    try {
      Libc.close(descriptor);
    } catch (KernelException failure) {
      reason.addSuppressed(failure);
    }
  }
}
