package kubeproxy.app;

import kubeproxy.config.ProxyOptions;

/// The version of Kubernetes whose proxy this replaces.
final class Version {
  /// Used where the program does not run from its jar.
  private static final String UNKNOWN = "0.0.0";

  private Version() {}

  /// What is reported of a running proxy: its number, or what `--version=v1.35.2` says instead.
  static String reported(ProxyOptions options) {
    return options.process().reportedVersion().orElseGet(Version::number);
  }

  /// As in `v1.36.0`.
  static String number() {
    String number = Version.class.getPackage().getImplementationVersion();
    return "v" + (number == null ? UNKNOWN : number);
  }

  /// Operating system and architecture in the words of Kubernetes, as `linux/amd64`.
  static String platform() {
    String architecture = System.getProperty("os.arch");
    return "linux/" + (architecture.equals("aarch64") ? "arm64" : architecture);
  }

  /// What `--version` prints.
  ///
  /// @param raw every field that upstream prints which has a meaning here
  static String text(boolean raw) {
    String number = number();
    if (!raw) {
      return "Kubernetes " + number + "\n";
    }
    String[] parts = number.substring(1).split("\\.", -1);
    return "version.Info{Major:\"%s\", Minor:\"%s\", GitVersion:\"%s\", Platform:\"%s\"}\n"
        .formatted(parts[0], parts[1], number, platform());
  }
}
