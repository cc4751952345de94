package kubeproxy.status;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// More clients than a server has room for, who begin a request and then say nothing.
final class SlowClients implements AutoCloseable {
  private static final int COUNT = HttpLimits.MAX_CONNECTIONS + 20;

  private final List<Socket> sockets = new ArrayList<>();

  SlowClients(InetSocketAddress server) throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Socket socket = new Socket(server.getAddress(), server.getPort());
      sockets.add(socket);
      socket.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
