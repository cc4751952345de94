package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.engine.FaultHandler;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.logging.Logger;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.nftables.apply.TableWatch;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;
import kubeproxy.userspace.apply.LazyRelay;
import kubeproxy.userspace.apply.LocalhostDataplane;

/// The `nftables` mode: one netlink session for both families, the watch of our tables, and a relay
/// for node ports on loopback addresses.
public final class NftablesParts implements ModeParts {
  private final NfnetlinkSession session;
  private final TableWatch watch;
  private final int masqueradeMark;
  private final Optional<Localhost> localhost;

  private NftablesParts(
      NfnetlinkSession session,
      TableWatch watch,
      int masqueradeMark,
      Optional<Localhost> localhost) {
    this.session = session;
    this.watch = watch;
    this.masqueradeMark = masqueradeMark;
    this.localhost = localhost;
  }

  /// What node ports on loopback addresses take.
  private record Localhost(LazyRelay relay, ListenRetry retry, List<LocalhostDataplane> planes)
      implements RelayTraffic {

    @Override
    public List<RelayPort> ports() {
      return planes.stream().flatMap(plane -> plane.ports().stream()).toList();
    }

    @Override
    public int conflicts() {
      return planes.stream().mapToInt(LocalhostDataplane::conflicts).sum();
    }

    @Override
    public RelayUse use() {
      return relay.use();
    }
  }

  /// The opener of this mode without node ports on loopback addresses.
  ///
  /// @param masqueradeBit number of the bit of the packet mark that asks for masquerading, 0 to 31
  public static ModeOpener opener(int masqueradeBit) {
    return (drift, faults) -> open(1 << masqueradeBit, Optional.empty(), drift, faults);
  }

  /// The opener of this mode.
  ///
  /// @param udpTimeout how long a UDP flow to a loopback address may be silent; positive
  public static ModeOpener opener(int masqueradeBit, Duration udpTimeout, Logger log) {
    return (drift, faults) ->
        open(
            1 << masqueradeBit,
            Optional.of(
                new Localhost(
                    LazyRelay.of(udpTimeout, log),
                    new ListenRetry(drift),
                    new CopyOnWriteArrayList<>())),
            drift,
            faults);
  }

  private static NftablesParts open(
      int masqueradeMark,
      Optional<Localhost> localhost,
      Consumer<IpFamily> drift,
      FaultHandler faults)
      throws IOException {
    NfnetlinkSession session = NetlinkNftables.openSession();
    try {
      TableWatch watch =
          TableWatch.start(session.portId(), drift, e -> faults.fatal("table-watch", e));
      return new NftablesParts(session, watch, masqueradeMark, localhost);
    } catch (IOException | RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Dataplane dataplane(IpFamily family) {
    Dataplane dataplane =
        new NftablesDataplane(
            new NetlinkNftables(session, family).watchedBy(watch), family, masqueradeMark);
    if (localhost.isEmpty()) {
      return dataplane;
    }
    LocalhostDataplane both = new LocalhostDataplane(dataplane, localhost.get().relay());
    localhost.get().planes().add(both);
    localhost.get().retry().watch(family, both::hasPlacesToTryAgain);
    return both;
  }

  @Override
  public Optional<RelayTraffic> relayTraffic() {
    return localhost.map(parts -> parts);
  }

  @Override
  public void close() throws IOException {
    try (session) {
      localhost.ifPresent(parts -> {
        parts.retry().close();
        parts.relay().close();
      });
      watch.close();
    }
  }
}
