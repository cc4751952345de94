package kubeproxy.config;

/// A feature gate of Kubernetes.
///
/// @param enabled its default
/// @param locked whether it can no longer be changed
record FeatureGate(String name, Stage stage, boolean enabled, boolean locked) {

  /// How far the feature has come.
  enum Stage {
    ALPHA("ALPHA"),
    BETA("BETA"),
    GA(""),
    DEPRECATED("DEPRECATED");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    /// As metrics have it.
    String label() {
      return label;
    }
  }
}
