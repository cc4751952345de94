package kubeproxy.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.socket.DatagramPeer;
import kubeproxy.kernel.socket.Datagrams;
import kubeproxy.kernel.socket.Epoll;
import kubeproxy.kernel.socket.Sockets;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// A socket that clients send datagrams to, and get their answers from. Read by one loop, which has
/// all of its flows.
final class DatagramListener implements RelayListener, Handler {
  private final ServedPort port;
  private final BoundSocket socket;
  private final List<IpPrefix> allowedSources;
  private final DatagramLoop loop;
  private final Map<DatagramPeer, DatagramFlow> flows = new HashMap<>();
  private final DatagramPeer sender = new DatagramPeer();
  private int slot;
  private boolean closed;
  // Known to the loop only.
  private boolean abandoned;

  DatagramListener(ServedPort port, BoundSocket socket, ListenerSpec spec, DatagramLoop loop) {
    this.port = port;
    this.socket = socket;
    this.loop = loop;
    allowedSources = spec.allowedSources();
  }

  /// Begins to read. Called on the loop.
  ///
  /// @return 0, or the negative error number if the kernel watches nothing more
  ///   (`fs.epoll.max_user_watches`)
  int open() {
    slot = loop.events().register(this);
    return loop.events().watch(socket.descriptor(), Epoll.EPOLLIN, slot, 0);
  }

  ServedPort served() {
    return port;
  }

  DatagramLoop loop() {
    return loop;
  }

  int descriptor() {
    return socket.descriptor();
  }

  @Override
  public IpAddress address() {
    return socket.address();
  }

  @Override
  public int port() {
    return socket.port();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    loop.events().call(this::abandon);
    port.closed(this);
  }

  @Override
  public void abandon() {
    if (abandoned) {
      return;
    }
    abandoned = true;
    List.copyOf(flows.values()).forEach(DatagramFlow::end);
    loop.events().release(slot);
    int _ = loop.events().tools().sockets().close(socket.descriptor());
  }

  /// Ends the flows to other backends than these. Called on the loop.
  void keepOnly(Set<Backend> backends) {
    List.copyOf(flows.values()).forEach(flow -> flow.keepOnly(backends));
  }

  /// A flow ended.
  void forget(DatagramFlow flow) {
    flows.remove(flow.peer());
  }

  @Override
  public void ready(int side, int flags) {
    Datagrams datagrams = loop.datagrams();
    int count = datagrams.receive(socket.descriptor());
    int first = 0;
    while (first < count) {
      datagrams.readControl(first);
      datagrams.readPeer(first, sender);
      DatagramPeer peer = sender.copy();
      int end = first + 1;
      while (end < count && isFrom(datagrams, end, peer)) {
        end++;
      }
      deliver(peer, first, end);
      first = end;
    }
  }

  private boolean isFrom(Datagrams datagrams, int place, DatagramPeer peer) {
    datagrams.readControl(place);
    datagrams.readPeer(place, sender);
    return sender.equals(peer);
  }

  private void deliver(DatagramPeer peer, int first, int end) {
    DatagramFlow flow = flows.get(peer);
    if (flow == null) {
      flow = begin(peer, end - first);
    }
    if (flow != null) {
      flow.up(first, end);
    }
  }

  private @Nullable DatagramFlow begin(DatagramPeer peer, int waiting) {
    IpAddress client = peer.address();
    Traffic traffic = port.traffic();
    if (!BoundSocket.allows(allowedSources, client)) {
      traffic.refusedSources.add(waiting);
      return null;
    }
    @Nullable Backend backend = port.balancer().next(client, List.of());
    if (backend == null) {
      traffic.unserved.add(waiting);
      return null;
    }
    if (!loop.admit()) {
      traffic.shed.increment();
      return null;
    }
    List<Backend> failed = new ArrayList<>();
    while (backend != null && failed.size() < DatagramFlow.ATTEMPTS) {
      int descriptor = connect(backend);
      if (descriptor >= 0) {
        DatagramFlow flow = new DatagramFlow(this, peer, descriptor, backend);
        flows.put(peer, flow);
        return flow.open() ? flow : null;
      }
      traffic.failedDials.increment();
      failed.add(backend);
      backend = port.balancer().next(client, failed);
    }
    loop.notAdmitted();
    return null;
  }

  private int connect(Backend backend) {
    Sockets sockets = loop.events().tools().sockets();
    int descriptor = DatagramFlow.connect(sockets, loop.reserve(), backend);
    return lacksRoom(descriptor) && loop.makeRoom()
        ? DatagramFlow.connect(sockets, loop.reserve(), backend)
        : descriptor;
  }

  /// Whether a socket was refused for want of what an older flow can give: a descriptor, memory, or
  /// an ephemeral port (`EAGAIN` of connect(2) where the kernel chooses the port).
  private static boolean lacksRoom(int result) {
    return Reserve.isExhaustion(result)
        || result == -Errno.EAGAIN.number()
        || result == -Errno.EADDRNOTAVAIL.number();
  }
}
