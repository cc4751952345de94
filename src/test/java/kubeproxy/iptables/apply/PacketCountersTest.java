package kubeproxy.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Counters of the kernel, with packets to count.
@Tag("kernel")
class PacketCountersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Programs PROGRAMS = Programs.ofHost();
  private static final int THREADS = 8;
  private static final int QUESTIONS = 300;

  @ParameterizedTest
  @EnumSource
  void countAndTellAnyNumberOfThreads(Variant variant) throws Exception {
    try (PacketCounters counters = PacketCounters.open()) {
      for (int port : new int[] {3, 5}) {
        assertThat(counters.packets(name(variant, port))).isEmpty();
        assertThat(counters.ensure(name(variant, port))).isTrue();
        assertThat(counters.ensure(name(variant, port))).as("once more").isTrue();
        udpRule("-A", variant, port);
        send(port);
        udpRule("-D", variant, port);
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<?>> asking = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          asking.add(threads.submit(() -> ask(counters, variant)));
        }
        for (Future<?> each : asking) {
          each.get();
        }
      }
    }
  }

  private static String name(Variant variant, int port) {
    return variant.text() + "-" + port;
  }

  private static void ask(PacketCounters counters, Variant variant) {
    for (int i = 0; i < QUESTIONS; i++) {
      for (int port : new int[] {3, 5}) {
        assertThat(counters.packets(name(variant, port))).isEqualTo(OptionalLong.of(port));
        assertThat(counters.packets("none")).isEmpty();
      }
    }
  }

  private static void udpRule(String command, Variant variant, int port)
      throws InterruptedException {
    String iptables = variant == Variant.LEGACY ? "iptables-legacy" : "iptables-nft";
    String rule = "OUTPUT -p udp -m udp --dport " + port + " -m nfacct --nfacct-name ";
    String line = iptables + " -w " + command + " " + rule + name(variant, port);
    ProgramEnd end = PROGRAMS.run(ProgramCall.of(PATIENCE, line.split(" ", -1)));
    assertThat(end instanceof ProgramEnd.Exited exited && exited.succeeded())
        .as(end.toString())
        .isTrue();
  }

  /// As many packets as the number of the port, to nobody.
  private static void send(int port) throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < port; i++) {
        socket.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral("127.0.0.1"), port));
      }
    }
  }
}
