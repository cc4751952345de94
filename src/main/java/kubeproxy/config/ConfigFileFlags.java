package kubeproxy.config;

import static kubeproxy.config.FlagGroup.CONFIG_FILE;

import java.util.List;

/// Flags about the configuration file.
public final class ConfigFileFlags {

  public static final Flag<String> CONFIG =
      Flag.of(
              CONFIG_FILE,
              "config",
              FlagTypes.STRING,
              "",
              "1.17",
              "Configuration file, YAML or JSON, of kind KubeProxyConfiguration"
                  + " (kubeproxy.config.k8s.io/v1alpha1). Beside it only these flags count:"
                  + " hostname-override, master, manifests, those of the log, and those after"
                  + " whose work the process ends.")
          .besidesFile();
  public static final Flag<ReloadMode> CONFIG_RELOAD =
      Flag.of(
              CONFIG_FILE,
              "config-reload",
              FlagTypes.RELOAD_MODE,
              ReloadMode.APPLY,
              "",
              "What follows a change of the configuration file: apply puts it in force in"
                  + " place, and keeps the old one in force if the new one is invalid; exit ends"
                  + " the process, as Kubernetes' kube-proxy does.")
          .besidesFile();
  public static final Flag<String> WRITE_CONFIG_TO =
      Flag.of(
              CONFIG_FILE,
              "write-config-to",
              FlagTypes.STRING,
              "",
              "1.17",
              "Write the configuration that is in force to this file and exit.")
          .besidesFile();

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL = List.of(CONFIG, CONFIG_RELOAD, WRITE_CONFIG_TO);

  private ConfigFileFlags() {}
}
