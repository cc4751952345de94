package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What every test tagged `kernel` relies on.
@Tag("kernel")
class KernelLaneTest {
  private static final int CAP_NET_ADMIN = 12;

  /// The machine's own namespace has routes; one just made has none.
  @Test
  void runsInANetworkNamespaceOfItsOwn() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/net/route"))).as("header line only").hasSize(1);
  }

  @Test
  void mayProgramTheKernel() throws IOException {
    var line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(s -> s.startsWith("CapEff:"))
            .findFirst()
            .orElseThrow();
    var capabilities = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);

    assertThat(capabilities >>> CAP_NET_ADMIN & 1).isEqualTo(1);
  }
}
