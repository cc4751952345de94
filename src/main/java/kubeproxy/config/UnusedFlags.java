package kubeproxy.config;

import static kubeproxy.config.FlagGroup.UNUSED;

import java.util.List;

/// Flags that are accepted so that old command lines keep working.
public final class UnusedFlags {

  public static final Flag<String> AZURE_CONTAINER_REGISTRY_CONFIG =
      Flag.of(
              UNUSED,
              "azure-container-registry-config",
              FlagTypes.STRING,
              "",
              "1.17",
              "File with credentials of a container registry.")
          .besidesFile()
          .until("1.20")
          .withoutEffect("a proxy pulls no images");
  public static final Flag<String> BOOT_ID_FILE =
      Flag.of(
              UNUSED,
              "boot-id-file",
              FlagTypes.STRING,
              "/proc/sys/kernel/random/boot_id",
              "1.21",
              "File with the identity of this start of the host.")
          .besidesFile()
          .withoutEffect("a proxy reports no machine");
  public static final Flag<String> MACHINE_ID_FILE =
      Flag.of(
              UNUSED,
              "machine-id-file",
              FlagTypes.STRING,
              "/etc/machine-id,/var/lib/dbus/machine-id",
              "1.21",
              "Files with the identity of the host.")
          .besidesFile()
          .withoutEffect("a proxy reports no machine");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(AZURE_CONTAINER_REGISTRY_CONFIG, BOOT_ID_FILE, MACHINE_ID_FILE);

  private UnusedFlags() {}
}
