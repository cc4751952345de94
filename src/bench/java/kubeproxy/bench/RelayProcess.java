package kubeproxy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.ListenerSpec;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.Relay;
import kubeproxy.relay.RelayLimits;
import kubeproxy.relay.RelayOptions;

/// Our relay as a process of its own, to be measured beside other proxies. It ends when its input
/// does.
///
/// Arguments: `tcp:PORT:BACKEND_PORT` and `udp:PORT:BACKEND_PORT`, all on 127.0.0.1.
public final class RelayProcess {
  private static final IpAddress LOOPBACK = IpAddress.of("127.0.0.1");

  private RelayProcess() {}

  /// Runs until the input ends.
  public static void main(String[] args) throws IOException {
    RelayOptions options =
        new RelayOptions(
            RelayLimits.DEFAULT,
            Duration.ofSeconds(30),
            System::nanoTime,
            new Random(),
            Logger.SILENT);
    try (Relay relay = Relay.start(options)) {
      for (String argument : args) {
        List<String> parts = List.of(argument.split(":", -1));
        Protocol protocol = parts.getFirst().equals("tcp") ? Protocol.TCP : Protocol.UDP;
        Backend backend = new Backend(LOOPBACK, Integer.parseInt(parts.get(2)));
        ListenOutcome outcome =
            relay
                .open(
                    new ServicePortName(new ObjectKey("bench", "relay"), "", protocol),
                    BackendChoice.roundRobin(List.of(backend)))
                .listen(
                    new ListenerSpec(
                        LOOPBACK, new PortChoice.Exactly(Integer.parseInt(parts.get(1)))));
        if (!(outcome instanceof ListenOutcome.Listening)) {
          throw new IOException(argument + ": " + outcome);
        }
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Whatever is said, only the end matters.
      }
    }
  }
}
