package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kubeproxy.kernel.libc.Symbols;
import org.jspecify.annotations.Nullable;

/// Receives and sends many datagrams with one call (recvmmsg(2), sendmmsg(2)), and long runs of
/// equal ones as one message (`UDP_GRO` and `UDP_SEGMENT`, udp(7)). Belongs to one thread.
///
/// What is received lies in numbered places until the next [#receive]; what is to be sent is put
/// together from them, so datagrams are never moved.
public final class Datagrams {

  /// The most datagrams that one message can stand for (`UDP_MAX_SEGMENTS` of older kernels).
  public static final int MAX_SEGMENTS = 64;

  /// The most bytes that one message can stand for, so that headers still fit.
  public static final int MAX_MESSAGE_BYTES = 65_000;

  private static final int MSG_DONTWAIT = 0x40;

  // A datagram is shorter than 64 KiB. The rest keeps the beginnings of places from sharing the
  // same lines of the processor's caches.
  private static final long PLACE_BYTES = (64 << 10) + 192;

  // struct mmsghdr: a struct msghdr, the length, padding.
  private static final int HEADER_BYTES = 64;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int PARTS = 16;
  private static final int PART_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int LENGTH = 56;

  // struct iovec: a pointer, a length.
  private static final int PART_BYTES = 16;
  private static final int NAME_BYTES = 32;

  private static final MethodHandle RECVMMSG =
      Symbols.intFunction("recvmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle SENDMMSG =
      Symbols.intFunction("sendmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

  private final CallState state = new CallState();
  private final int places;
  private final int most;
  private final MemorySegment data;
  private final MemorySegment received;
  private final MemorySegment receivedParts;
  private final MemorySegment receivedNames;
  private final ControlMessages receivedControl;
  private final MemorySegment sent;
  private final MemorySegment sentParts;
  private final MemorySegment sentNames;
  private final ControlMessages sentControl;
  private int messages;
  private int parts;

  /// @param places how many datagrams are received at once
  public Datagrams(int places) {
    this.places = places;
    data = allocate(places * PLACE_BYTES);
    received = allocate((long) places * HEADER_BYTES);
    receivedParts = allocate((long) places * PART_BYTES);
    receivedNames = allocate((long) places * NAME_BYTES);
    receivedControl = new ControlMessages(places);
    // One received place can become as many messages as it has segments.
    most = Math.max(places, MAX_SEGMENTS);
    sent = allocate((long) most * HEADER_BYTES);
    sentParts = allocate((long) most * PART_BYTES);
    sentNames = allocate((long) most * NAME_BYTES);
    sentControl = new ControlMessages(most);
    for (int i = 0; i < places; i++) {
      long header = (long) i * HEADER_BYTES;
      long part = (long) i * PART_BYTES;
      receivedParts.set(JAVA_LONG, part, place(i));
      receivedParts.set(JAVA_LONG, part + Long.BYTES, 64 << 10);
      received.set(JAVA_LONG, header + NAME, receivedNames.address() + (long) i * NAME_BYTES);
      received.set(JAVA_LONG, header + PARTS, receivedParts.address() + part);
      received.set(JAVA_LONG, header + PART_COUNT, 1);
      received.set(JAVA_LONG, header + CONTROL, receivedControl.address(i));
    }
  }

  /// Receives what is there, at most as many as there are places; returns how many.
  public int receive(int socket) {
    for (int i = 0; i < places; i++) {
      long header = (long) i * HEADER_BYTES;
      received.set(JAVA_INT, header + NAME_LENGTH, NAME_BYTES);
      received.set(JAVA_LONG, header + CONTROL_LENGTH, ControlMessages.ROOM_BYTES);
    }
    try {
      return state.of(
          (int)
              RECVMMSG.invokeExact(
                  state.memory, socket, received.address(), places, MSG_DONTWAIT, 0L));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// How many bytes were received at a place.
  public int length(int place) {
    return received.get(JAVA_INT, (long) place * HEADER_BYTES + LENGTH);
  }

  /// Reads what the kernel said about a place, for [#segment] and [#readPeer].
  public void readControl(int place) {
    receivedControl.read(
        place, received.get(JAVA_LONG, (long) place * HEADER_BYTES + CONTROL_LENGTH));
  }

  /// The length of all but the last of the datagrams at the place of [#readControl], or 0 if there
  /// is only one.
  public int segment() {
    return receivedControl.segment();
  }

  /// Reads who sent what is at a place and, after [#readControl], to which address.
  public void readPeer(int place, DatagramPeer into) {
    long at = (long) place * NAME_BYTES;
    into.high = SocketAddressMemory.high(receivedNames, at);
    into.low = SocketAddressMemory.low(receivedNames, at);
    into.port = SocketAddressMemory.port(receivedNames, at);
    into.scope = SocketAddressMemory.scope(receivedNames, at);
    into.ipv4 = receivedNames.get(JAVA_SHORT, at) == Sockets.AF_INET;
    into.localHigh = receivedControl.localHigh();
    into.localLow = receivedControl.localLow();
  }

  /// Begins another message to send.
  ///
  /// @param to for whom, from the address that it wrote to; null if the socket is connected
  /// @param segment length of all but the last of its datagrams, or 0 if it is one
  public void begin(@Nullable DatagramPeer to, int segment) {
    int index = messages++;
    long header = (long) index * HEADER_BYTES;
    sent.set(JAVA_LONG, header + PARTS, sentParts.address() + (long) parts * PART_BYTES);
    sent.set(JAVA_LONG, header + PART_COUNT, 0);
    if (to == null) {
      sent.set(JAVA_LONG, header + NAME, 0);
      sent.set(JAVA_INT, header + NAME_LENGTH, 0);
    } else {
      long at = (long) index * NAME_BYTES;
      int length = SocketAddressMemory.write(sentNames, at, to);
      sent.set(JAVA_LONG, header + NAME, sentNames.address() + at);
      sent.set(JAVA_INT, header + NAME_LENGTH, length);
    }
    long control = sentControl.write(index, to, segment);
    sent.set(JAVA_LONG, header + CONTROL, control == 0 ? 0 : sentControl.address(index));
    sent.set(JAVA_LONG, header + CONTROL_LENGTH, control);
  }

  /// Adds bytes of a place to the message begun last.
  public void add(int place, int offset, int length) {
    long part = (long) parts++ * PART_BYTES;
    sentParts.set(JAVA_LONG, part, place(place) + offset);
    sentParts.set(JAVA_LONG, part + Long.BYTES, length);
    long count = (long) (messages - 1) * HEADER_BYTES + PART_COUNT;
    sent.set(JAVA_LONG, count, sent.get(JAVA_LONG, count) + 1);
  }

  /// How many messages were begun since [#clear].
  public int messages() {
    return messages;
  }

  /// Whether no other message can be begun before [#clear].
  public boolean isFull() {
    return messages == most;
  }

  /// Sends messages, beginning with the one of that number; returns how many were taken.
  public int send(int socket, int first) {
    try {
      return state.of(
          (int)
              SENDMMSG.invokeExact(
                  state.memory,
                  socket,
                  sent.address() + (long) first * HEADER_BYTES,
                  messages - first,
                  MSG_DONTWAIT));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Forgets all messages.
  public void clear() {
    messages = 0;
    parts = 0;
  }

  private long place(int index) {
    return data.address() + index * PLACE_BYTES;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }
}
