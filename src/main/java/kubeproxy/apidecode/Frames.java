package kubeproxy.apidecode;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Cuts a stream into the bytes of one event after the other.
abstract class Frames {
  /// What client-go takes for one event (`maxBytes` of its streaming decoder).
  static final int MAX_BYTES = ProtobufTokenReader.MAX_OBJECT_BYTES;

  /// Events of most objects; a watch waits with no more than this in its hands.
  private static final int IDLE_CAPACITY = 16 << 10;

  /// Keeps a buffer that a run of larger events has grown, but not what one giant needed.
  private static final int KEPT_CAPACITY = 1 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[IDLE_CAPACITY];
  private int start;
  private int end;
  private int length;

  Frames(InputStream in) {
    this.in = in;
  }

  /// The frames of a watch in an encoding.
  static Frames of(ApiEncoding encoding, InputStream in) {
    return switch (encoding) {
      case JSON -> new JsonFrames(in);
      case PROTOBUF -> new LengthFrames(in);
    };
  }

  /// Waits for the next frame; false if the stream has ended between two.
  ///
  /// @throws EOFException if the stream has ended within a frame
  /// @throws MalformedBody if it cannot be told where a frame ends
  final boolean next() throws IOException {
    start += length;
    length = 0;
    if (start == end) {
      start = 0;
      end = 0;
      if (buffer.length > KEPT_CAPACITY) {
        buffer = new byte[IDLE_CAPACITY];
      }
    }
    int found = find();
    length = Math.max(0, found);
    return found >= 0;
  }

  /// The array that the frame is in, until the next one is asked for.
  final byte[] bytes() {
    return buffer;
  }

  /// Where in the array the frame starts.
  final int offset() {
    return start;
  }

  /// How long the frame is.
  final int length() {
    return length;
  }

  /// The length of the next frame, all of which is [#available()]; -1 if there is none.
  abstract int find() throws IOException;

  /// How many bytes can be looked at.
  final int available() {
    return end - start;
  }

  /// One of the bytes that can be looked at.
  final byte at(int index) {
    return buffer[start + index];
  }

  /// Leaves out bytes in front of the frame.
  final void pass(int count) {
    start += count;
  }

  /// Reads until so many bytes can be looked at; false if the stream ends before any is there.
  final boolean require(int count) throws IOException {
    while (available() < count) {
      if (!fill()) {
        if (available() == 0) {
          return false;
        }
        throw cut();
      }
    }
    return true;
  }

  /// Waits for more bytes; false at the end of the stream.
  final boolean fill() throws IOException {
    if (end == buffer.length) {
      makeRoom();
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return true;
  }

  private void makeRoom() {
    byte[] roomier = start > 0 ? buffer : new byte[2 * buffer.length];
    System.arraycopy(buffer, start, roomier, 0, available());
    buffer = roomier;
    end = available();
    start = 0;
  }

  static EOFException cut() {
    return new EOFException("the watch has ended within an event");
  }

  /// Each event follows its length, as four bytes in network order.
  private static final class LengthFrames extends Frames {
    private static final int PREFIX = 4;

    LengthFrames(InputStream in) {
      super(in);
    }

    @Override
    int find() throws IOException {
      if (!require(PREFIX)) {
        return -1;
      }
      int length =
          (at(0) & 0xff) << 24 | (at(1) & 0xff) << 16 | (at(2) & 0xff) << 8 | (at(3) & 0xff);
      if (length < 0 || length > MAX_BYTES) {
        String written = Integer.toUnsignedString(length);
        throw new MalformedBody("an event of " + written + " bytes; at most " + MAX_BYTES);
      }
      pass(PREFIX);
      if (length > 0 && !require(length)) {
        throw cut();
      }
      return length;
    }
  }

  /// Each event is a JSON object; blanks between them do not matter.
  private static final class JsonFrames extends Frames {
    private int depth;
    private boolean quoted;
    private boolean escaped;

    JsonFrames(InputStream in) {
      super(in);
    }

    @Override
    int find() throws IOException {
      if (!passBlanks()) {
        return -1;
      }
      if (at(0) != '{') {
        throw new MalformedBody("an event must be a JSON object");
      }
      int index = 0;
      while (true) {
        int stop = available();
        while (index < stop) {
          if (endsWith(at(index++))) {
            return index;
          }
        }
        if (index >= MAX_BYTES) {
          throw new MalformedBody("an event of more than " + MAX_BYTES + " bytes");
        }
        if (!fill()) {
          throw cut();
        }
      }
    }

    private boolean passBlanks() throws IOException {
      while (require(1)) {
        switch (at(0)) {
          case ' ', '\t', '\n', '\r' -> pass(1);
          default -> {
            return true;
          }
        }
      }
      return false;
    }

    private boolean endsWith(byte next) throws MalformedBody {
      if (escaped) {
        escaped = false;
        return false;
      }
      switch (next) {
        case '"' -> quoted = !quoted;
        case '\\' -> escaped = quoted;
        case '{', '[' -> depth += quoted ? 0 : 1;
        case '}', ']' -> depth -= quoted ? 0 : 1;
        case '\n' -> {
          if (quoted) {
            throw new MalformedBody("a line of the watch ends within a string");
          }
        }
        default -> {}
      }
      return depth == 0;
    }
  }
}
