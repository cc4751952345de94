package kubeproxy.iptables.program;

/// What comments of rules may hold.
public final class Comments {
  /// One less than the kernel's `XT_MAX_COMMENT_LEN`. Names that the API accepts stay below.
  static final int MAX_CHARACTERS = 255;

  private Comments() {}

  /// The text, cut where the kernel has no room, and with nothing in it that ends a line or takes
  /// more than one byte: objects from files were validated by nobody.
  public static String of(String text) {
    boolean fits = text.length() <= MAX_CHARACTERS && text.chars().allMatch(Comments::isPrintable);
    if (fits) {
      return text;
    }
    StringBuilder fitting = new StringBuilder();
    text.chars()
        .limit(MAX_CHARACTERS)
        .forEach(c -> fitting.append(isPrintable(c) ? (char) c : '?'));
    return fitting.toString();
  }

  private static boolean isPrintable(int character) {
    return character >= 0x20 && character < 0x7f;
  }
}
