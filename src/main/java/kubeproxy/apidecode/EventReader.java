package kubeproxy.apidecode;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// The events of a watch as they come.
public interface EventReader extends Closeable {

  /// Waits for the next event; empty if the stream has ended between two events.
  ///
  /// @throws java.io.EOFException if the stream has ended within an event
  /// @throws MalformedBody if it cannot be told where the event ends
  /// @throws IOException if reading fails
  Optional<ApiEvent> next() throws IOException;

  /// Closes the stream.
  @Override
  void close() throws IOException;
}
