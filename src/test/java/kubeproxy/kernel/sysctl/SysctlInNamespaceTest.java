package kubeproxy.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class SysctlInNamespaceTest {

  private final Sysctl sysctl = Sysctl.ofKernel();
  private NetworkNamespace namespace;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void close() throws Exception {
    namespace.close();
  }

  @Test
  void timesAreOfTheNamespace() throws Exception {
    List<Setting> outcomes =
        namespace.run(() ->
            sysctl.apply(
                settings(OptionalInt.empty(), Duration.ofSeconds(7), Duration.ofSeconds(77))));
    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Setting.Changed.class));
    assertThat(namespace.exec("sysctl", "-n", "net.netfilter.nf_conntrack_udp_timeout"))
        .isEqualTo("7\n");
    assertThat(sysctl.read("net/netfilter/nf_conntrack_udp_timeout").orElseThrow()).isNotEqualTo(7);
  }

  @Test
  void theMaximumIsOfTheWholeMachineAndRefusedHere() throws Exception {
    int max = (int) sysctl.read("net/netfilter/nf_conntrack_max").orElseThrow();
    Setting refused = namespace.run(() -> sysctl.set("net/netfilter/nf_conntrack_max", max + 1L));
    assertThat(refused)
        .isEqualTo(
            new Setting.Failed(
                Path.of("/proc/sys/net/netfilter/nf_conntrack_max"),
                max + 1L,
                false,
                "the kernel does not allow it"));
    assertThat(
            namespace.run(
                () -> sysctl.apply(settings(OptionalInt.of(max), Duration.ZERO, Duration.ZERO))))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Setting.Unchanged.class));
  }

  @Test
  void aReadOnlyFileSystemIsNamed() throws Exception {
    // A mount is of the whole process, so a program of its own looks at it.
    String output =
        namespace.exec(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -o bind,ro /proc/sys /proc/sys && exec "
                + ProcessHandle.current().info().command().orElseThrow()
                + " -cp "
                + System.getProperty("java.class.path")
                + " '"
                + ReadOnly.class.getName()
                + "'");
    assertThat(output).contains("readOnly=true");
  }

  /// Tries to write a setting and prints what becomes of it.
  static final class ReadOnly {

    private ReadOnly() {}

    public static void main(String[] arguments) {
      Setting outcome = Sysctl.ofKernel().set("net/netfilter/nf_conntrack_udp_timeout", 9);
      boolean readOnly =
          outcome instanceof Setting.Failed failed
              && failed.readOnlyFileSystem()
              && failed.toString().contains("read-only");
      System.out.println("readOnly=" + readOnly);
    }
  }

  private static ConntrackSettings settings(OptionalInt max, Duration udp, Duration udpStream) {
    return new ConntrackSettings(max, Duration.ZERO, Duration.ZERO, false, udp, udpStream);
  }
}
