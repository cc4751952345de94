package kubeproxy.kernel.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kubeproxy.kernel.libc.Symbols;

/// Takes a message from one association of SCTP to another, with its stream and its payload
/// protocol identifier (RFC 6458, `linux/sctp.h`). Belongs to one thread.
public final class SctpMessages {
  private static final int MSG_PEEK = 0x2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SCTP_STATUS = 14;
  private static final int STATUS_BYTES = 176;
  private static final int SCTP_RECVRCVINFO = 32;
  private static final int SCTP_SNDINFO = 2;
  private static final int SCTP_RCVINFO = 3;

  // struct msghdr.
  private static final int HEADER_BYTES = 56;
  private static final int PARTS = 16;
  private static final int PART_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;

  // struct cmsghdr, and behind it struct sctp_rcvinfo or the shorter sctp_sndinfo.
  private static final int CONTROL_BYTES = 64;
  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int CONTENT = 16;
  private static final int SNDINFO_BYTES = 16;
  private static final int RECEIVED_FLAGS = 4;
  private static final int RECEIVED_PROTOCOL = 8;
  private static final int SENT_FLAGS = 2;
  private static final int SENT_PROTOCOL = 4;
  private static final short UNORDERED = 1;

  private static final MethodHandle RECVMSG =
      Symbols.longFunction("recvmsg", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SENDMSG =
      Symbols.longFunction("sendmsg", JAVA_INT, JAVA_LONG, JAVA_INT);

  private static final MethodHandle GETSOCKOPT =
      Symbols.intFunction("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  private final CallState state = new CallState();
  private final MemorySegment buffer;
  private final MemorySegment header = Arena.ofAuto().allocate(HEADER_BYTES, Long.BYTES);
  private final MemorySegment part = Arena.ofAuto().allocate(2L * Long.BYTES, Long.BYTES);
  private final MemorySegment status = Arena.ofAuto().allocate(STATUS_BYTES, Long.BYTES);
  private final MemorySegment statusLength = Arena.ofAuto().allocate(JAVA_INT);
  private final MemorySegment control = Arena.ofAuto().allocate(CONTROL_BYTES, Long.BYTES);

  /// @param bufferBytes the longest message that is taken in one piece; longer ones arrive as
  ///     several
  public SctpMessages(int bufferBytes) {
    buffer = Arena.ofAuto().allocate(bufferBytes, Long.BYTES);
    header.set(JAVA_LONG, PARTS, part.address());
    header.set(JAVA_LONG, PART_COUNT, 1);
    header.set(JAVA_LONG, CONTROL, control.address());
    part.set(JAVA_LONG, 0, buffer.address());
  }

  /// Has the kernel say with each message which stream it is of.
  public static int prepare(Sockets sockets, int socket) {
    return sockets.option(socket, Sockets.IPPROTO_SCTP, SCTP_RECVRCVINFO, 1);
  }

  /// Looks at the next message and leaves it where it is; returns its length, or 0 if nothing more
  /// will come.
  public int peek(int socket) {
    return receive(socket, MSG_DONTWAIT | MSG_PEEK);
  }

  /// Takes the message away that [#peek] saw.
  public int take(int socket) {
    return receive(socket, MSG_DONTWAIT);
  }

  /// Sends the message that [#peek] saw, as a whole or not at all.
  public int send(int socket, int bytes) {
    short stream = 0;
    short flags = 0;
    int protocol = 0;
    boolean known =
        header.get(JAVA_LONG, CONTROL_LENGTH) >= CONTENT + RECEIVED_PROTOCOL + Integer.BYTES
            && control.get(JAVA_INT, LEVEL) == Sockets.IPPROTO_SCTP
            && control.get(JAVA_INT, TYPE) == SCTP_RCVINFO;
    if (known) {
      stream = control.get(JAVA_SHORT, CONTENT);
      flags = (short) (control.get(JAVA_SHORT, CONTENT + RECEIVED_FLAGS) & UNORDERED);
      protocol = control.get(JAVA_INT, CONTENT + RECEIVED_PROTOCOL);
    }
    control.fill((byte) 0);
    control.set(JAVA_LONG, 0, CONTENT + SNDINFO_BYTES);
    control.set(JAVA_INT, LEVEL, Sockets.IPPROTO_SCTP);
    control.set(JAVA_INT, TYPE, SCTP_SNDINFO);
    control.set(JAVA_SHORT, CONTENT, stream);
    control.set(JAVA_SHORT, CONTENT + SENT_FLAGS, flags);
    control.set(JAVA_INT, CONTENT + SENT_PROTOCOL, protocol);
    part.set(JAVA_LONG, Long.BYTES, bytes);
    header.set(JAVA_LONG, CONTROL_LENGTH, CONTENT + SNDINFO_BYTES);
    try {
      return state.of(
          (long)
              SENDMSG.invokeExact(
                  state.memory, socket, header.address(), MSG_DONTWAIT | MSG_NOSIGNAL));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  /// Whether the association of a socket still exists. The side that ended it first is told of the
  /// other's end in no other way.
  public boolean isAssociated(int socket) {
    statusLength.set(JAVA_INT, 0, STATUS_BYTES);
    try {
      return (int)
              GETSOCKOPT.invokeExact(
                  state.memory,
                  socket,
                  Sockets.IPPROTO_SCTP,
                  SCTP_STATUS,
                  status.address(),
                  statusLength.address())
          >= 0;
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }

  private int receive(int socket, int flags) {
    part.set(JAVA_LONG, Long.BYTES, buffer.byteSize());
    header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_BYTES);
    try {
      return state.of((long) RECVMSG.invokeExact(state.memory, socket, header.address(), flags));
    } catch (Throwable failure) {
      throw CallState.unexpected(failure);
    }
  }
}
