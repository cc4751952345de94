package kubeproxy.app;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.OpenParts;
import kubeproxy.engine.FaultHandler;
import kubeproxy.iptables.apply.CanaryWatch;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.ipvs.apply.IpvsDataplane;
import kubeproxy.ipvs.apply.IpvsWatch;
import kubeproxy.ipvs.apply.KernelIpvs;
import kubeproxy.ipvs.compile.CompileOptions;
import kubeproxy.ipvs.diff.Ownership;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.route.AddressWatcher;
import kubeproxy.kernel.route.LocalAddresses;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;

/// The `ipvs` mode: the kernel and the host's tools for each family, watches of both, and one of
/// the node's addresses, on which virtual servers for node ports are.
public final class IpvsParts implements ModeParts {
  private final Settings settings;
  private final Consumer<IpFamily> drift;
  private final FaultHandler faults;
  private final OpenParts open = new OpenParts();
  private final Map<IpFamily, KernelIpvs> hands = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, KernelIpvs> eyes = new EnumMap<>(IpFamily.class);
  private final List<IpvsWatch> watches = new CopyOnWriteArrayList<>();

  private IpvsParts(Settings settings, Consumer<IpFamily> drift, FaultHandler faults)
      throws IOException {
    this.settings = settings;
    this.drift = drift;
    this.faults = faults;
    try {
      for (IpFamily family : settings.families().keySet()) {
        hands.put(family, open.add(KernelIpvs.open(family)));
        eyes.put(family, open.add(KernelIpvs.open(family)));
      }
      watchAddresses();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// How one family is carried out.
  ///
  /// @param tools to write rules with
  public record IpvsFamily(Tools tools, CompileOptions options) {}

  /// How the mode is carried out.
  ///
  /// @param families every family that is to be carried out
  /// @param ownership which virtual servers may be removed
  /// @param period between two looks at what is installed: `--ipvs-sync-period`
  public record Settings(
      Programs programs, Map<IpFamily, IpvsFamily> families, Ownership ownership, Duration period) {
    public Settings {
      families = new EnumMap<>(families);
    }
  }

  /// The opener of this mode.
  public static ModeOpener opener(Settings settings) {
    return (drift, faults) -> new IpvsParts(settings, drift, faults);
  }

  private void watchAddresses() throws IOException {
    AddressWatcher watcher = open.add(AddressWatcher.openExcept(KernelIpvs.LINK));
    List<IpAddress> known;
    try (LocalAddresses listing = LocalAddresses.openExcept(KernelIpvs.LINK)) {
      known = listing.list();
    }
    watcher.start(
        known,
        new AddressWatcher.Listener() {
          @Override
          public void changed(List<IpAddress> now) {
            watches.forEach(IpvsWatch::nudge);
          }

          @Override
          public void failed(IOException reason) {
            faults.fatal("address-watcher", reason);
          }
        });
  }

  @Override
  public Dataplane dataplane(IpFamily family) {
    IpvsFamily parts = settings.families().get(family);
    KernelIpvs hand = hands.get(family);
    KernelIpvs eye = eyes.get(family);
    if (parts == null || hand == null || eye == null) {
      throw new IllegalArgumentException("not to be carried out: " + family);
    }
    HostIptables host = new HostIptables(settings.programs(), parts.tools());
    IpvsDataplane dataplane = new IpvsDataplane(hand, host, parts.options(), settings.ownership());
    IpvsWatch watch =
        open.add(
            IpvsWatch.start(
                eye,
                dataplane,
                settings.period(),
                drift,
                cause -> faults.fatal("ipvs-watch-" + family, cause)));
    watches.add(watch);
    open.add(
        CanaryWatch.start(
            host,
            family,
            settings.period(),
            drift,
            cause -> faults.fatal("canary-watch-" + family, cause)));
    return dataplane;
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
