package kubeproxy.apiclient;

import java.io.InputStream;
import java.util.Optional;

/// An answer whose head is there and whose body may still be coming.
///
/// One thread reads the body. Any thread may close the response at any time.
public interface ApiResponse extends AutoCloseable {

  /// The status code, as in 200.
  int status();

  /// The first value of a header.
  ///
  /// @param name in any case, as in `Retry-After`
  Optional<String> header(String name);

  /// The body, decompressed; always the same stream. Reading it throws an
  /// [java.io.IOException] when the connection breaks and after [#close()].
  InputStream body();

  /// Gives up what is still to come. A thread that is reading the body gets an exception at once.
  @Override
  void close();
}
