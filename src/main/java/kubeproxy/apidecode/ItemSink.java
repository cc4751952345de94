package kubeproxy.apidecode;

/// Takes the items of a list, in the order of the body.
public interface ItemSink {

  /// An object.
  void item(ApiItem item);

  /// An object that is left out because it could not be decoded.
  void malformed(MalformedItem item);
}
