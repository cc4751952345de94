package kubeproxy.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.DatagramPeer;
import kubeproxy.kernel.socket.Datagrams;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// The datagrams between one client address and port and one backend, which has a socket of its
/// own, so that answers find their client. Owned by one loop.
final class DatagramFlow implements Handler {

  /// How many backends are tried at once. A socket of datagrams hears at once that there is no way
  /// to one, and only with an answer to a datagram that nobody listens there.
  static final int ATTEMPTS = 4;

  /// Neighbours in the order of silence; kept by [DatagramLoop].
  DatagramFlow older = this;

  DatagramFlow younger = this;

  /// When it spoke last.
  long lastNanos;

  private final DatagramListener listener;
  private final DatagramLoop loop;
  private final DatagramPeer peer;
  private final int slot;
  private final int descriptor;
  private Backend backend;
  private boolean cutsUp = true;
  private boolean cutsDown = true;
  private boolean ended;

  /// @param descriptor connected to the backend, closed by this object
  DatagramFlow(DatagramListener listener, DatagramPeer peer, int descriptor, Backend backend) {
    this.listener = listener;
    this.loop = listener.loop();
    this.peer = peer;
    this.descriptor = descriptor;
    this.backend = backend;
    slot = loop.events().register(this);
  }

  /// Makes a socket that is connected to a backend, or returns a negative error number.
  static int connect(Sockets sockets, Reserve reserve, Backend backend) {
    int domain = backend.address() instanceof Ipv4Address ? Sockets.AF_INET : Sockets.AF_INET6;
    int descriptor =
        reserve.open(() -> sockets.socket(domain, Sockets.SOCK_DGRAM, Sockets.IPPROTO_UDP));
    if (descriptor < 0) {
      return descriptor;
    }
    int result = sockets.connect(descriptor, backend.address(), backend.port());
    if (result < 0) {
      sockets.close(descriptor);
      return result;
    }
    BoundSocket.prepareDatagrams(sockets, descriptor);
    return descriptor;
  }

  /// Begins to hear the backend; false if the kernel has no room for that, and then it has ended.
  boolean open() {
    loop.add(this);
    listener.served().traffic().connections.increment();
    if (loop.events().watch(descriptor, Epoll.EPOLLIN, slot, 0) < 0) {
      evict();
      return false;
    }
    return true;
  }

  /// Whose datagrams these are.
  DatagramPeer peer() {
    return peer;
  }

  /// Sends datagrams of the client to the backend, or to another if that one is known to be gone.
  void up(int first, int end) {
    Traffic traffic = listener.served().traffic();
    DatagramSender sender = loop.sender();
    sender.send(descriptor, null, first, end, cutsUp);
    cutsUp &= sender.cut();
    traffic.bytesIn.add(sender.bytes());
    if (sender.refused()) {
      boolean nothingSent = sender.bytes() == 0;
      moveOn();
      if (nothingSent) {
        sender.send(descriptor, null, first, end, cutsUp);
        traffic.bytesIn.add(sender.bytes());
      }
    }
    loop.touch(this);
  }

  @Override
  public void ready(int side, int flags) {
    if (ended) {
      return;
    }
    Datagrams datagrams = loop.datagrams();
    int count = datagrams.receive(descriptor);
    if (count > 0) {
      DatagramSender sender = loop.sender();
      sender.send(listener.descriptor(), peer, 0, count, cutsDown);
      cutsDown &= sender.cut();
      listener.served().traffic().bytesOut.add(sender.bytes());
      loop.touch(this);
    } else if (count == -Errno.ECONNREFUSED.number()) {
      moveOn();
    }
  }

  /// Ends if its backend is none of these.
  void keepOnly(Set<Backend> backends) {
    if (!backends.contains(backend)) {
      end();
    }
  }

  /// Ends to make room.
  void evict() {
    listener.served().traffic().shed.increment();
    end();
  }

  /// Ends: the client's next datagram begins another flow.
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    loop.remove(this);
    listener.forget(this);
    loop.events().release(slot);
    int _ = loop.events().tools().sockets().close(descriptor);
    listener.served().traffic().ended.increment();
  }

  @Override
  public void abandon() {
    end();
  }

  // Nobody listens where this flow leads. With no other backend it stays, connected as it was:
  // somebody may listen there soon.
  private void moveOn() {
    ServedPort port = listener.served();
    IpAddress client = peer.address();
    Sockets sockets = loop.events().tools().sockets();
    List<Backend> failed = new ArrayList<>();
    @Nullable Backend next = backend;
    do {
      port.traffic().failedDials.increment();
      failed.add(next);
      next = port.balancer().next(client, failed);
      if (next != null && sockets.connect(descriptor, next.address(), next.port()) >= 0) {
        backend = next;
        return;
      }
    } while (next != null && failed.size() < ATTEMPTS);
  }
}
