package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import kubeproxy.kernel.sysctl.ConntrackSettings;
import kubeproxy.kernel.sysctl.Setting;
import kubeproxy.kernel.sysctl.Sysctl;
import kubeproxy.logging.Logger;
import kubeproxy.testing.RecordingLogger;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSetupTest {
  private static final ConntrackSettings CONNTRACK =
      new ConntrackSettings(
          OptionalInt.empty(),
          Duration.ofHours(24),
          Duration.ofHours(1),
          true,
          Duration.ofSeconds(31),
          Duration.ofSeconds(121));

  private final RecordingLogger log = new RecordingLogger();
  private @TempDir Path root;

  private NodeSetup setup() {
    return new NodeSetup(new Sysctl(root, root), log);
  }

  private void write(String setting, String value) throws IOException {
    Path file = root.resolve(setting);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value);
  }

  private List<String> names(ModeSetup mode) {
    ConntrackSettings nothing =
        new ConntrackSettings(
            OptionalInt.empty(), Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO);
    return setup().apply(nothing, mode).stream()
        .map(setting -> root.relativize(setting.path()).toString())
        .toList();
  }

  @Test
  void eachModeHasItsOwnSettings() {
    assertThat(names(new ModeSetup.Nothing())).isEmpty();
    assertThat(names(new ModeSetup.Iptables(false))).isEmpty();
    assertThat(names(new ModeSetup.Iptables(true)))
        .containsExactly("net/ipv4/conf/all/route_localnet");
    assertThat(names(new ModeSetup.Ipvs(true)))
        .contains("net/ipv4/vs/conntrack", "net/ipv4/conf/all/arp_ignore");
  }

  @Test
  void everySettingIsLogged() throws IOException {
    write("net/ipv4/conf/all/route_localnet", "0");
    setup().apply(CONNTRACK, new ModeSetup.Iptables(true));
    assertThat(log.lines())
        .contains(
            "I Setting changed path="
                + root.resolve("net/ipv4/conf/all/route_localnet")
                + " value=1 previous=0")
        .anySatisfy(line -> assertThat(line).startsWith("W Setting cannot be changed"));
    assertThat(log.lines()).hasSize(6);
  }

  @Test
  void bridgesThatBypassIptablesAreWarnedOf() throws IOException {
    write("net/bridge/bridge-nf-call-iptables", "0");
    setup().apply(CONNTRACK, new ModeSetup.Nothing());
    assertThat(log.lines()).noneSatisfy(line -> assertThat(line).contains("bridge"));
    setup().apply(CONNTRACK, new ModeSetup.Iptables(false));
    assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("bridge-nf-call"));
  }

  /// Once someone privileged has set the node up, nothing is written any more: as when nothing can
  /// be.
  @Test
  @Tag("kernel")
  void afterwardsNoPrivilegeIsNeeded() throws Exception {
    try (NetworkNamespace node = NetworkNamespace.create()) {
      List<Setting> outcomes =
          node.run(() ->
              new NodeSetup(Sysctl.ofKernel(), log).apply(CONNTRACK, new ModeSetup.Iptables(true)));
      assertThat(outcomes).hasSize(6).noneMatch(Setting.Failed.class::isInstance);
      String again =
          node.exec(
              "unshare",
              "--mount",
              "sh",
              "-c",
              "mount -o bind,ro /proc/sys /proc/sys && exec "
                  + ProcessHandle.current().info().command().orElseThrow()
                  + " -cp "
                  + System.getProperty("java.class.path")
                  + " '"
                  + Again.class.getName()
                  + "'");
      assertThat(again).isEqualTo("6 of 6 unchanged\n");
    }
  }

  /// Sets up a node whose settings cannot be written.
  static final class Again {

    private Again() {}

    public static void main(String[] arguments) {
      List<Setting> outcomes =
          new NodeSetup(Sysctl.ofKernel(), Logger.SILENT)
              .apply(CONNTRACK, new ModeSetup.Iptables(true));
      long unchanged = outcomes.stream().filter(Setting.Unchanged.class::isInstance).count();
      System.out.println(unchanged + " of " + outcomes.size() + " unchanged");
    }
  }
}
