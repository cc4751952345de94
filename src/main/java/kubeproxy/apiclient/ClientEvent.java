package kubeproxy.apiclient;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Something that happened to a client, for metrics (`rest_client_*`). Times of requests do not
/// include waiting for the rate limit.
public sealed interface ClientEvent {

  /// The head of an answer came.
  ///
  /// @param host host and port of the server
  /// @param sentBytes size of the body of the request
  /// @param took from sending until the head was there
  record Answered(String method, String host, int status, long sentBytes, Duration took)
      implements ClientEvent {}

  /// No answer came: no connection, no trust, or no head in time.
  record Failed(String method, String host, Duration took) implements ClientEvent {}

  /// The body of an answer was read to its end or given up. Not told of watches.
  ///
  /// @param bytes what was read, decompressed
  record Received(String method, String host, long bytes) implements ClientEvent {}

  /// A request had its turn by the rate limit.
  ///
  /// @param waited zero if it was its turn at once
  record Admitted(String method, String host, Duration waited) implements ClientEvent {}

  /// A credential plugin ended.
  ///
  /// @param exitCode its exit code; 1 if it was not there or took too long
  /// @param status how it ended
  /// @param expires when its credentials do, if it said so
  record PluginCalled(int exitCode, PluginStatus status, Optional<Instant> expires)
      implements ClientEvent {}

  /// How a credential plugin ended, in the spelling of upstream's metric.
  enum PluginStatus {
    NO_ERROR("no_error"),
    EXECUTION_ERROR("plugin_execution_error"),
    NOT_FOUND("plugin_not_found_error"),
    CLIENT_ERROR("client_internal_error");

    private final String label;

    PluginStatus(String label) {
      this.label = label;
    }

    /// Value of the label `call_status`.
    public String label() {
      return label;
    }
  }

  /// A client certificate came into use: at the start and after each change.
  ///
  /// @param replacedAge age of the certificate that was in use before
  record CertificateUsed(Instant expires, Optional<Duration> replacedAge) implements ClientEvent {}

  /// The file of a token was read.
  ///
  /// @param succeeded false if there was none to be had; the one before stays in use
  record TokenRead(boolean succeeded) implements ClientEvent {}

  /// Connections made from now on use other certificates, or another server.
  record Reconfigured() implements ClientEvent {}
}
