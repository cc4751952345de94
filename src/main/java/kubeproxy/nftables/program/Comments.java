package kubeproxy.nftables.program;

/// Comments on rules and elements. The `nft` tool refuses more than 128 characters, and valid names
/// of a namespace, a Service and a port can add up to more.
public final class Comments {
  private static final int MAXIMUM_LENGTH = 128;
  private static final String ELLIPSIS = "...";

  private Comments() {}

  /// The text, shortened if it must be.
  public static String fit(String text) {
    return text.length() <= MAXIMUM_LENGTH
        ? text
        : text.substring(0, MAXIMUM_LENGTH - ELLIPSIS.length()) + ELLIPSIS;
  }
}
