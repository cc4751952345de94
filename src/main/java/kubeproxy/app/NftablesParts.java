package kubeproxy.app;

import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.engine.FaultHandler;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.apply.NetlinkNftables;
import kubeproxy.nftables.apply.NftablesDataplane;
import kubeproxy.nftables.apply.TableWatch;

/// The `nftables` mode: one netlink session for both families, and the watch of our tables.
public final class NftablesParts implements ModeParts {
  private final NfnetlinkSession session;
  private final TableWatch watch;
  private final int masqueradeMark;

  private NftablesParts(NfnetlinkSession session, TableWatch watch, int masqueradeMark) {
    this.session = session;
    this.watch = watch;
    this.masqueradeMark = masqueradeMark;
  }

  /// The opener of this mode.
  ///
  /// @param masqueradeBit number of the bit of the packet mark that asks for masquerading, 0 to 31
  public static ModeOpener opener(int masqueradeBit) {
    return (drift, faults) -> open(1 << masqueradeBit, drift, faults);
  }

  private static NftablesParts open(
      int masqueradeMark, Consumer<IpFamily> drift, FaultHandler faults) throws IOException {
    NfnetlinkSession session = NetlinkNftables.openSession();
    try {
      TableWatch watch =
          TableWatch.start(session.portId(), drift, e -> faults.fatal("table-watch", e));
      return new NftablesParts(session, watch, masqueradeMark);
    } catch (IOException | RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Dataplane dataplane(IpFamily family) {
    return new NftablesDataplane(
        new NetlinkNftables(session, family).watchedBy(watch), family, masqueradeMark);
  }

  @Override
  public void close() throws IOException {
    try (session) {
      watch.close();
    }
  }
}
