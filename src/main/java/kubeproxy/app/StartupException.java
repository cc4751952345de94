package kubeproxy.app;

/// The proxy cannot start. The message says what is missing and what to do about it.
final class StartupException extends Exception {

  StartupException(String message) {
    super(message);
  }

  StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
