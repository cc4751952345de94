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
    Credential known = last;
    if (known != null && wasRead && now - readNanos < REREAD_NANOS) {
      return known;
    }
    return read(now);
  }

  @Override
  public synchronized Credential after(Credential refused) throws IOException {
    Credential known = last;
    if (known != null && !known.equals(refused)) {
      return known;
    }
    return read(parts.nanoTime());
  }

  private Credential read(long now) throws IOException {
    Credential known;
    try {
      String token = Files.readString(file).strip();
      if (token.isEmpty()) {
        throw new IOException("is empty");
      }
      known = credential(new Secret(token));
      parts.tell(new ClientEvent.TokenRead(true));
    } catch (IOException e) {
      parts.tell(new ClientEvent.TokenRead(false));
      String message = "token file " + file + ": " + FileProblem.describe(e);
      known = last;
      if (known == null) {
        throw new IOException(message, e);
      }
      Logger log = parts.log().limited(limit);
      log.error(null, "Cannot read the token, the last one stays in use", "err", message);
    }
    last = known;
    wasRead = true;
    readNanos = now;
    return known;
  }

  private static Credential credential(Secret token) {
    return new Credential(Optional.of(Login.bearer(token)), Optional.empty());
  }
}
