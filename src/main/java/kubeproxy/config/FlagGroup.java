package kubeproxy.config;

/// What a flag is for: a section of the help text, in this order.
public enum FlagGroup {
  SOURCE("Where Services come from"),
  MODE("Mode and identity"),
  TRAFFIC("Which traffic is handled, and how"),
  SYNC("How often rules are written"),
  CONNTRACK("Connection tracking in the kernel"),
  STATUS("Health and metrics"),
  PROCESS("Process and log");

  private final String title;

  FlagGroup(String title) {
    this.title = title;
  }

  /// The heading.
  public String title() {
    return title;
  }
}
