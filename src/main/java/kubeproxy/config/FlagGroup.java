package kubeproxy.config;

/// What a flag is for: a section of the help text, in this order.
public enum FlagGroup {
  CONFIG_FILE("Configuration file"),
  SOURCE("Where Services come from"),
  MODE("Mode and identity"),
  TRAFFIC("Which traffic is handled, and how"),
  SYNC("How often rules are written"),
  IPVS("The ipvs mode"),
  USERSPACE("The userspace mode"),
  CONNTRACK("Connection tracking in the kernel"),
  STATUS("Health and metrics"),
  PROCESS("Process"),
  LOG("Log"),
  LOG_FILES("Log files"),
  UNUSED("Without effect");

  private final String title;

  FlagGroup(String title) {
    this.title = title;
  }

  /// The heading.
  public String title() {
    return title;
  }
}
