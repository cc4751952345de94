package kubeproxy.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;

/// A backend on the loopback interface that answers each datagram with its name, if it has one, and
/// the datagram.
final class DatagramBackend implements AutoCloseable {
  private final DatagramSocket socket;
  private final byte[] name;
  private final Set<Integer> clients = new ConcurrentSkipListSet<>();

  DatagramBackend(String name) throws IOException {
    this("127.0.0.1", name);
  }

  DatagramBackend(String address, String name) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.setReceiveBufferSize(4 << 20);
    this.name = name.getBytes(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().start(this::answer);
  }

  Backend backend() {
    return new Backend(
        IpAddress.ofBytes(socket.getLocalAddress().getAddress()), socket.getLocalPort());
  }

  /// How many sockets have sent something.
  int clients() {
    return clients.size();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void answer() {
    byte[] buffer = new byte[65_535];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        clients.add(packet.getPort());
        byte[] answer = Arrays.copyOf(name, name.length + packet.getLength());
        System.arraycopy(buffer, 0, answer, name.length, packet.getLength());
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException _) {
      // Closed.
    }
  }
}
