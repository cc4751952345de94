package kubeproxy.apiclient;

/// What a request carries.
///
/// @param contentType value of the `Content-Type` header
/// @param text sent in UTF-8
public record RequestBody(String contentType, String text) {

  /// A body of JSON.
  public static RequestBody json(String text) {
    return new RequestBody("application/json", text);
  }
}
