package kubeproxy.conformance;

import java.util.List;

/// The modes that the suite runs.
final class ConformanceModes {

  private ConformanceModes() {}

  /// All modes, each once.
  static List<ModeUnderTest> all() {
    return List.of(new NftablesMode());
  }
}
