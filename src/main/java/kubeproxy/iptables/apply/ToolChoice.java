package kubeproxy.iptables.apply;

/// Which tools a family is programmed with.
public sealed interface ToolChoice {

  /// These.
  ///
  /// @param reason why this variant, for people
  record Found(Tools tools, String reason) implements ToolChoice {}

  /// There are none that can be used.
  ///
  /// @param reason for people
  record Missing(String reason) implements ToolChoice {}
}
