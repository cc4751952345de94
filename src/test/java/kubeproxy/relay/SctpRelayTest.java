package kubeproxy.relay;

import static kubeproxy.relay.RelayFixture.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Needs a kernel with SCTP, so it runs where those of IPVS do. Where there is none, [ListenTest]
/// checks that it is said.
@Timeout(60)
@Tag("ipvs")
class SctpRelayTest {

  @Test
  void messagesKeepTheirBoundariesStreamsAndProtocols() throws IOException {
    Random random = new Random(Long.getLong("kubeproxy.seed", 1));
    try (RelayFixture relay = new RelayFixture();
        SctpServerChannel server = server()) {
      RelayPort port = relay.open(Protocol.SCTP, backend(server));
      CompletableFuture<Void> echoes = CompletableFuture.runAsync(() -> echo(server));
      try (SctpChannel client = connect(listen(port))) {
        for (int i = 0; i < 100; i++) {
          byte[] message = new byte[random.nextInt(1, 20_000)];
          random.nextBytes(message);
          int stream = random.nextInt(5);
          client.send(
              ByteBuffer.wrap(message),
              MessageInfo.createOutgoing(null, stream).payloadProtocolID(i));
          ByteBuffer answer = ByteBuffer.allocate(65_536);
          MessageInfo info = client.receive(answer, null, null);
          assertThat(info.streamNumber()).isEqualTo(stream);
          assertThat(info.payloadProtocolID()).isEqualTo(i);
          assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap(message));
        }
        client.shutdown();
        assertThat(client.receive(ByteBuffer.allocate(1), null, null).bytes()).isEqualTo(-1);
      }
      echoes.join();
      RelayFixture.eventually(() -> port.counters().active() == 0, port::counters);
      assertThat(port.counters().connections()).isEqualTo(1);
      assertThat(port.counters().bytesIn()).isEqualTo(port.counters().bytesOut()).isPositive();
    }
  }

  @Test
  void withoutBackendsAssociationsAreAborted() throws IOException {
    try (RelayFixture relay = new RelayFixture()) {
      RelayPort port = relay.open(Protocol.SCTP);
      RelayListener listener = listen(port);
      // The kernel may learn of it before it tells that the association was made.
      assertThatThrownBy(() -> receive(listener)).isInstanceOf(IOException.class);
      assertThat(port.counters().unserved()).isEqualTo(1);
    }
  }

  private static int receive(RelayListener listener) throws IOException {
    try (SctpChannel client = connect(listener)) {
      return client.receive(ByteBuffer.allocate(1), null, null).bytes();
    }
  }

  private static SctpServerChannel server() throws IOException {
    return SctpServerChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static Backend backend(SctpServerChannel server) throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.getAllLocalAddresses().iterator().next();
    return new Backend(RelayFixture.LOOPBACK, address.getPort());
  }

  private static SctpChannel connect(RelayListener listener) throws IOException {
    return SctpChannel.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()), 10, 10);
  }

  private static void echo(SctpServerChannel server) {
    try (SctpChannel channel = server.accept()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
      while (true) {
        buffer.clear();
        MessageInfo info = channel.receive(buffer, null, null);
        if (info.bytes() < 0) {
          return;
        }
        channel.send(
            buffer.flip(),
            MessageInfo.createOutgoing(null, info.streamNumber())
                .payloadProtocolID(info.payloadProtocolID()));
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
