package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import kubeproxy.logging.LogLimit;
import kubeproxy.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A bearer token that somebody keeps fresh in a file. It is read again when it is older than 50 s,
/// as upstream does, and when the server refuses it. While the file cannot be read, the last good
/// token is used.
final class TokenFileLogin implements Login {
  private static final long REREAD_NANOS = Duration.ofSeconds(50).toNanos();

  private final Path file;
  private final ClientParts parts;
  private final LogLimit limit;
  private @Nullable Credential last;
  private boolean wasRead;
  private long readNanos;

  TokenFileLogin(LoginMethod.TokenFile method, ClientParts parts) {
    this.file = method.file();
    this.parts = parts;
    this.limit = parts.limit("token-file");
    method.first().ifPresent(token -> last = credential(token));
  }

  @Override
  public synchronized Credential current() throws IOException {
    long now = parts.nanoTime();
    if (last == null || !wasRead || now - readNanos >= REREAD_NANOS) {
      read(now);
    }
    return last;
  }

  @Override
  public synchronized Credential after(Credential refused) throws IOException {
    if (last == null || last.equals(refused)) {
      read(parts.nanoTime());
    }
    return last;
  }

  private void read(long now) throws IOException {
    try {
      String token = Files.readString(file).strip();
      if (token.isEmpty()) {
        throw new IOException("is empty");
      }
      last = credential(new Secret(token));
      parts.tell(new ClientEvent.TokenRead(true));
    } catch (IOException e) {
      parts.tell(new ClientEvent.TokenRead(false));
      String message = "token file " + file + ": " + FileProblem.describe(e);
      if (last == null) {
        throw new IOException(message, e);
      }
      Logger log = parts.log().limited(limit);
      log.error(null, "Cannot read the token, the last one stays in use", "err", message);
    }
    wasRead = true;
    readNanos = now;
  }

  private static Credential credential(Secret token) {
    return new Credential(Optional.of(Login.bearer(token)), Optional.empty());
  }
}
