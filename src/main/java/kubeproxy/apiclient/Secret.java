package kubeproxy.apiclient;

/// A text that must not be seen: it prints as a placeholder wherever it ends up.
///
/// @param reveal the text itself
record Secret(String reveal) {

  @Override
  public String toString() {
    return "[secret]";
  }
}
