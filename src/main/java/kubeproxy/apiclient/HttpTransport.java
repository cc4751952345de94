package kubeproxy.apiclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kubeproxy.apiclient.Login.Credential;
import kubeproxy.apiclient.Sessions.Session;
import kubeproxy.logging.LogLimit;

/// The transport over the HTTP client of the JDK.
final class HttpTransport implements ApiTransport {
  private static final int UNAUTHORIZED = 401;

  private final ClientParts parts;
  private final String userAgent;
  private final RateLimit rate;
  private final Sessions sessions;
  private final HttpClients clients;
  private final LogLimit loginLimit;

  HttpTransport(ClientOptions options, Sessions sessions, ClientParts parts) {
    this.parts = parts;
    this.userAgent = options.userAgent();
    this.sessions = sessions;
    this.rate = new RateLimit(options.qps(), options.burst(), parts);
    this.clients = new HttpClients(parts);
    this.loginLimit = parts.limit("api-login");
  }

  @Override
  public ApiResponse send(ApiRequest request) throws IOException, InterruptedException {
    Session session = sessions.current();
    if (!request.longRunning()) {
      rate.admit(request, session.setup().connection().host());
    }
    Credential credential = session.login().current();
    ApiResponse answer = attempt(request, session, credential);
    return answer.status() == UNAUTHORIZED ? refused(request, session, credential, answer) : answer;
  }

  /// Tries once more if there is anything to try it with.
  private ApiResponse refused(
      ApiRequest request, Session session, Credential credential, ApiResponse answer)
      throws IOException, InterruptedException {
    Session latest = sessions.latest();
    Credential newer;
    try {
      newer =
          latest.login().equals(session.login())
              ? latest.login().after(credential)
              : latest.login().current();
    } catch (IOException e) {
      parts.log().limited(loginLimit).error(e, "Cannot get other credentials after a refusal");
      return answer;
    } catch (InterruptedException e) {
      answer.close();
      throw e;
    }
    boolean sameWay = latest.setup().material().equals(session.setup().material());
    if (sameWay && newer.equals(credential)) {
      return answer;
    }
    answer.close();
    return attempt(request, latest, newer);
  }

  private ApiResponse attempt(ApiRequest request, Session session, Credential credential)
      throws IOException, InterruptedException {
    Connection connection = session.setup().connection();
    TlsMaterial material = session.setup().material().with(credential.identity());
    HttpClients.Key key = new HttpClients.Key(connection.isSecure(), material, connection.proxy());
    HttpClients.Lease lease = clients.take(key);
    long started = parts.nanoTime();
    try {
      HttpResponse<InputStream> head =
          exchange(new HttpMessage(request, connection, credential, userAgent), lease);
      parts.tell(
          new ClientEvent.Answered(
              request.method(),
              connection.host(),
              head.statusCode(),
              sentBytes(request),
              since(started)));
      return new StreamedResponse(request, connection.host(), head, parts);
    } catch (IOException e) {
      parts.tell(new ClientEvent.Failed(request.method(), connection.host(), since(started)));
      throw new IOException(new ConnectionProblem(connection, material).describe(e), e);
    } finally {
      clients.release(lease);
    }
  }

  private HttpResponse<InputStream> exchange(HttpMessage message, HttpClients.Lease lease)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> future =
        lease.client().sendAsync(message.build(), BodyHandlers.ofInputStream());
    Duration timeout = message.request().headTimeout();
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (TimeoutException _) {
      future.cancel(true);
      clients.distrust(lease);
      throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    }
  }

  private static long sentBytes(ApiRequest request) {
    return request
        .body()
        .map(body -> body.text().getBytes(StandardCharsets.UTF_8).length)
        .orElse(0);
  }

  private Duration since(long started) {
    return Duration.ofNanos(parts.nanoTime() - started);
  }

  @Override
  public void close() {
    clients.close();
  }
}
