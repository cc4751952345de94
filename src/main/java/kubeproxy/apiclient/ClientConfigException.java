package kubeproxy.apiclient;

/// The connection to the API server cannot be made the way it is configured. The message is for
/// operators: file, field, what is wrong; never a secret.
public final class ClientConfigException extends Exception {

  /// A mistake in a field.
  ///
  /// @param source the file, flag or environment variable
  /// @param field path of the field within the file; empty if it is about the whole
  public ClientConfigException(String source, String field, String message) {
    super(source + ": " + (field.isEmpty() ? "" : field + ": ") + message);
  }
}
