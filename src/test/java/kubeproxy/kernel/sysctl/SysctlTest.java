package kubeproxy.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings that are ordinary files.
final class SysctlTest {

  private static final ConntrackSettings UNTOUCHED =
      new ConntrackSettings(
          OptionalInt.empty(), Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO);

  @TempDir private Path root;
  private Sysctl sysctl;

  @BeforeEach
  void settings() throws IOException {
    sysctl = new Sysctl(root.resolve("proc"), root.resolve("sys"));
    Files.createDirectories(netfilter("x").getParent());
    Files.createDirectories(hashSize().getParent());
    Files.writeString(netfilter("nf_conntrack_max"), "262144\n");
    Files.writeString(hashSize(), "65536\n");
    Files.writeString(netfilter("nf_conntrack_tcp_timeout_established"), "432000\n");
    Files.writeString(netfilter("nf_conntrack_tcp_timeout_close_wait"), "60\n");
    Files.writeString(netfilter("nf_conntrack_tcp_be_liberal"), "0\n");
    Files.writeString(netfilter("nf_conntrack_udp_timeout"), "30\n");
    Files.writeString(netfilter("nf_conntrack_udp_timeout_stream"), "120\n");
  }

  @Test
  void whatIsNotAskedForIsNotTouched() {
    assertThat(sysctl.apply(UNTOUCHED)).isEmpty();
  }

  @Test
  void everythingIsSetInOrder() {
    List<Setting> outcomes =
        sysctl.apply(
            new ConntrackSettings(
                OptionalInt.of(1 << 20),
                Duration.ofHours(24),
                Duration.ofMillis(3_600_999),
                true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(11)));
    assertThat(outcomes)
        .containsExactly(
            new Setting.Changed(netfilter("nf_conntrack_max"), 1 << 20, 262144),
            new Setting.Changed(hashSize(), 1 << 18, 65536),
            new Setting.Changed(netfilter("nf_conntrack_tcp_timeout_established"), 86400, 432000),
            new Setting.Changed(netfilter("nf_conntrack_tcp_timeout_close_wait"), 3600, 60),
            new Setting.Changed(netfilter("nf_conntrack_tcp_be_liberal"), 1, 0),
            new Setting.Changed(netfilter("nf_conntrack_udp_timeout"), 10, 30),
            new Setting.Changed(netfilter("nf_conntrack_udp_timeout_stream"), 11, 120));
    assertThat(sysctl.read("net/netfilter/nf_conntrack_max")).hasValue(1 << 20);
  }

  private void write(String setting, String value) throws IOException {
    Path file = root.resolve("proc").resolve(setting);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  private List<String> ipvs(String kernel, boolean strictArp) throws IOException {
    write("kernel/osrelease", kernel);
    for (String name :
        List.of(
            "conntrack", "conn_reuse_mode", "expire_nodest_conn", "expire_quiescent_template")) {
      write("net/ipv4/vs/" + name, name.equals("conn_reuse_mode") ? "1" : "0");
    }
    write("net/ipv4/ip_forward", "1");
    write("net/ipv4/conf/all/arp_ignore", "0");
    write("net/ipv4/conf/all/arp_announce", "0");
    return sysctl.apply(new IpvsSettings(strictArp)).stream()
        .map(setting ->
            setting.getClass().getSimpleName()
                + " "
                + root.resolve("proc").relativize(setting.path())
                + "="
                + setting.wanted())
        .toList();
  }

  @Test
  void virtualServersAreSetUpAsUpstreamDoes() throws IOException {
    assertThat(ipvs("6.1.0-18-amd64", false))
        .containsExactly(
            "Changed net/ipv4/vs/conntrack=1",
            "Changed net/ipv4/vs/expire_nodest_conn=1",
            "Changed net/ipv4/vs/expire_quiescent_template=1",
            "Unchanged net/ipv4/ip_forward=1");
    assertThat(ipvs("6.1.0", true))
        .contains(
            "Changed net/ipv4/conf/all/arp_ignore=1", "Changed net/ipv4/conf/all/arp_announce=2");
  }

  @Test
  void connectionsAreNotReusedOnlyWhereTheKernelDoesItBadly() throws IOException {
    String mended = "Changed net/ipv4/vs/conn_reuse_mode=0";
    assertThat(ipvs("4.1", false)).contains(mended);
    assertThat(ipvs("5.8.18-generic", false)).contains(mended);
    assertThat(ipvs("5.9.0", false)).doesNotContain(mended);
    assertThat(ipvs("5.10.0", false)).doesNotContain(mended);
    assertThat(ipvs("4.0.9", false)).doesNotContain(mended);
    assertThat(ipvs("unheard of", false)).doesNotContain(mended);
  }

  @Test
  void bridgesBypassIptablesOnlyIfTheSettingSaysSo() throws IOException {
    assertThat(sysctl.bridgesBypassIptables()).isFalse();
    write("net/bridge/bridge-nf-call-iptables", "1");
    assertThat(sysctl.bridgesBypassIptables()).isFalse();
    write("net/bridge/bridge-nf-call-iptables", "0");
    assertThat(sysctl.bridgesBypassIptables()).isTrue();
  }

  @Test
  void whatIsRightIsNotWritten() throws IOException {
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(netfilter("nf_conntrack_max"), before);
    Files.setLastModifiedTime(hashSize(), before);
    assertThat(
            sysctl.apply(
                new ConntrackSettings(
                    OptionalInt.of(262144),
                    Duration.ZERO,
                    Duration.ZERO,
                    false,
                    Duration.ZERO,
                    Duration.ZERO)))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Setting.Unchanged.class))
        .hasSize(2);
    assertThat(Files.getLastModifiedTime(netfilter("nf_conntrack_max"))).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(hashSize())).isEqualTo(before);
  }

  @Test
  void aLargerHashTableStays() {
    assertThat(
            sysctl.apply(
                new ConntrackSettings(
                    OptionalInt.of(1000),
                    Duration.ZERO,
                    Duration.ZERO,
                    false,
                    Duration.ZERO,
                    Duration.ZERO)))
        .last()
        .isEqualTo(new Setting.Unchanged(hashSize(), 250));
    assertThat(hashSize()).hasContent("65536");
  }

  @Test
  void aMissingFileIsAValueAndTheOthersAreSet() throws IOException {
    Files.delete(netfilter("nf_conntrack_udp_timeout"));
    List<Setting> outcomes =
        sysctl.apply(
            new ConntrackSettings(
                OptionalInt.empty(),
                Duration.ZERO,
                Duration.ZERO,
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(11)));
    assertThat(outcomes)
        .satisfiesExactly(
            failed ->
                assertThat(failed)
                    .isInstanceOf(Setting.Failed.class)
                    .hasToString(
                        "cannot set "
                            + netfilter("nf_conntrack_udp_timeout")
                            + " to 10: no such file; is the kernel module loaded?"),
            changed -> assertThat(changed).isInstanceOf(Setting.Changed.class));
  }

  @Test
  void whatIsNoNumberIsAValue() throws IOException {
    Files.writeString(netfilter("nf_conntrack_max"), "many");
    assertThat(sysctl.read("net/netfilter/nf_conntrack_max")).isEqualTo(OptionalLong.empty());
    assertThat(sysctl.set("net/netfilter/nf_conntrack_max", 5)).isInstanceOf(Setting.Failed.class);
  }

  @Test
  void theInnermostAndLatestMountDecides() {
    List<String> mounts =
        List.of(
            "proc /proc proc rw,relatime 0 0",
            "proc /proc/sys proc ro,relatime 0 0",
            "sysfs /sys sysfs rw 0 0",
            "sysfs /sys sysfs ro 0 0",
            "proc /proc/sys/net proc rw,errors=ro 0 0");
    assertThat(Mounts.isReadOnly(Path.of("/proc/x"), mounts)).isFalse();
    assertThat(Mounts.isReadOnly(Path.of("/proc/sys/x"), mounts)).isTrue();
    assertThat(Mounts.isReadOnly(Path.of("/proc/system"), mounts)).isFalse();
    assertThat(Mounts.isReadOnly(Path.of("/proc/sys/net/x"), mounts)).isFalse();
    assertThat(Mounts.isReadOnly(Path.of("/sys/x"), mounts)).isTrue();
  }

  @Test
  void processorsAreCountedFromRanges() throws IOException {
    Path online = root.resolve("online");
    Files.writeString(online, "0-3,8,10-11\n");
    assertThat(Processors.count(online)).isEqualTo(7);
    int own = Runtime.getRuntime().availableProcessors();
    Files.writeString(online, "all\n");
    assertThat(Processors.count(online)).isEqualTo(own);
    assertThat(Processors.count(root.resolve("absent"))).isEqualTo(own);
  }

  private Path netfilter(String name) {
    return root.resolve("proc/net/netfilter").resolve(name);
  }

  private Path hashSize() {
    return root.resolve("sys/module/nf_conntrack/parameters/hashsize");
  }
}
