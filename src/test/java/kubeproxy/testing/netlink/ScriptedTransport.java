package kubeproxy.testing.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkTransport;

/// A transport that answers what it was told to. When the script is at its end nothing arrives, and
/// who would wait for ever is told that the transport was closed.
public final class ScriptedTransport implements NetlinkTransport {

  public static final int PORT_ID = 4711;

  private static final int PORT_ID_OFFSET = 12;

  private final Deque<Step> steps = new ArrayDeque<>();
  private final List<byte[]> sent = new ArrayList<>();
  private final List<Integer> timeouts = new ArrayList<>();

  private sealed interface Step {
    record Datagram(ByteBuffer bytes) implements Step {}

    record Silence() implements Step {}

    record Overrun() implements Step {}
  }

  /// The next datagram to be received: messages to this socket.
  public ScriptedTransport datagram(UnaryOperator<MessageWriter> messages) {
    return datagramTo(PORT_ID, messages);
  }

  /// The next datagram to be received: messages that name another socket.
  public ScriptedTransport datagramTo(int portId, UnaryOperator<MessageWriter> messages) {
    ByteBuffer written = messages.apply(new MessageWriter()).bytes();
    ByteBuffer bytes = ByteBuffer.allocate(written.remaining()).order(ByteOrder.nativeOrder());
    bytes.put(written).flip();
    for (int start = 0; start < bytes.limit(); start += Netlink.align(bytes.getInt(start))) {
      bytes.putInt(start + PORT_ID_OFFSET, portId);
    }
    return bytes(bytes);
  }

  /// The next datagram to be received.
  public ScriptedTransport bytes(ByteBuffer bytes) {
    steps.add(new Step.Datagram(bytes));
    return this;
  }

  /// Next, nothing arrives in time.
  public ScriptedTransport silence() {
    steps.add(new Step.Silence());
    return this;
  }

  /// Next, messages were lost.
  public ScriptedTransport overrun() {
    steps.add(new Step.Overrun());
    return this;
  }

  /// What was sent, each time.
  public List<byte[]> sent() {
    return sent;
  }

  /// With which patience was received, each time.
  public List<Integer> timeouts() {
    return timeouts;
  }

  /// Writes a `NLMSG_ERROR` that does not return the refused message, as the kernel does.
  public static MessageWriter error(MessageWriter writer, int errno, int sequence) {
    return writer
        .beginMessage(Netlink.NLMSG_ERROR, Netlink.NLM_F_CAPPED, sequence)
        .rawU32Native(-errno)
        .rawZeros(Netlink.NLMSG_HDRLEN)
        .endMessage();
  }

  @Override
  public int portId() {
    return PORT_ID;
  }

  @Override
  public void send(ByteBuffer messages) {
    byte[] bytes = new byte[messages.remaining()];
    messages.get(messages.position(), bytes);
    sent.add(bytes);
  }

  @Override
  public Reception receive(MessageReader reader, int timeoutMillis) throws IOException {
    timeouts.add(timeoutMillis);
    if (steps.isEmpty()) {
      if (timeoutMillis < 0) {
        throw new ClosedChannelException();
      }
      return Reception.NOTHING;
    }
    return switch (steps.remove()) {
      case Step.Datagram(ByteBuffer bytes) -> {
        reader.wrap(bytes);
        yield Reception.MESSAGES;
      }
      case Step.Silence() -> Reception.NOTHING;
      case Step.Overrun() -> Reception.OVERRUN;
    };
  }

  @Override
  public void close() {}
}
