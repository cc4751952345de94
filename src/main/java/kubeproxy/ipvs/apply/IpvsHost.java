package kubeproxy.ipvs.apply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kubeproxy.iptables.apply.HostIptables;
import kubeproxy.iptables.apply.Tools;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.kernel.ipset.HashType;
import kubeproxy.kernel.ipset.IpSets;
import kubeproxy.kernel.ipset.SetChange;
import kubeproxy.kernel.ipset.SetError;
import kubeproxy.kernel.ipset.SetShape;
import kubeproxy.kernel.ipvs.IpvsTable;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.route.Links;

/// What the kernel offers to the mode, in the network namespace of the thread that calls. Asking
/// leaves nothing behind.
public final class IpvsHost {
  /// What there is in Linux 6.x; a kernel may have more that only its modules tell of.
  private static final List<String> KNOWN_SCHEDULERS =
      List.of(
          "rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq",
          "twos");

  private static final String MODULE = "ip_vs";
  private static final String NO_IPVS = "the kernel has no IPVS (module ip_vs, CONFIG_IP_VS)";

  /// Made and removed again to see whether such interfaces can be made.
  private static final String TRIAL_LINK = "kube-proxy-try";

  /// Likewise, to see whether rules can look into sets.
  private static final String TRIAL_SET = "KUBE-PROXY-TRY";

  private static final String TRIAL_RULES =
      """
      *filter
      :KUBE-PROXY-TRY - [0:0]
      -A KUBE-PROXY-TRY -m set --match-set KUBE-PROXY-TRY dst,dst -j RETURN
      COMMIT
      *filter
      -F KUBE-PROXY-TRY
      -X KUBE-PROXY-TRY
      COMMIT
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private IpvsHost() {}

  /// Opens the table of virtual servers.
  @FunctionalInterface
  interface Opening {
    Optional<IpvsTable> open() throws IOException;
  }

  /// Why the mode cannot be used at all, if so; for people, with the name of the module.
  ///
  /// @throws InterruptedException if the thread was interrupted while a program ran
  public static Optional<String> obstacle(Programs programs) throws InterruptedException {
    return obstacle(programs, IpvsTable::open);
  }

  /// Older kernels do not load the module when they are asked for its family.
  static Optional<String> obstacle(Programs programs, Opening opening) throws InterruptedException {
    try {
      Optional<IpvsTable> table = opening.open();
      String loading = "";
      if (table.isEmpty()) {
        loading = load(programs);
        table = opening.open();
      }
      if (table.isEmpty()) {
        return Optional.of(NO_IPVS + loading);
      }
      try (IpvsTable open = table.get()) {
        open.servers();
      }
      try (IpSets sets = IpSets.open()) {
        if (sets.protocols().isEmpty()) {
          return Optional.of("the kernel has no ipsets (module ip_set, CONFIG_IP_SET)");
        }
        sets.list();
      }
      return Links.find(KernelIpvs.LINK).isEmpty() ? Optional.empty() : trialLink();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      boolean forbidden = reason.contains(Errno.EPERM.name());
      return Optional.of(forbidden ? reason + ": CAP_NET_ADMIN is needed" : reason);
    }
  }

  /// What came of it, to be added to a sentence; empty if the program had no objection.
  private static String load(Programs programs) throws InterruptedException {
    return switch (programs.run(ProgramCall.of(PATIENCE, "modprobe", MODULE))) {
      case ProgramEnd.Exited end when end.succeeded() -> "";
      case ProgramEnd.Exited end -> ": " + end.errors().strip();
      case ProgramEnd.NotStarted(String reason) -> ": cannot run modprobe: " + reason;
      case ProgramEnd.TimedOut(Duration after) ->
          ": modprobe did not end within " + after.toSeconds() + " seconds";
    };
  }

  /// One that a process left that was killed here is as good as a new one.
  private static Optional<String> trialLink() throws IOException {
    Optional<NetlinkError> refusal =
        Links.addDummy(TRIAL_LINK).filter(error -> !error.is(Errno.EEXIST));
    if (refusal.isEmpty()) {
      return Links.delete(TRIAL_LINK)
          .map(error -> "cannot remove interface " + TRIAL_LINK + ": " + error);
    }
    NetlinkError error = refusal.get();
    if (error.is(Errno.EPERM)) {
      return Optional.of("no permission to make an interface: CAP_NET_ADMIN is needed");
    }
    if (error.is(Errno.EOPNOTSUPP)) {
      return Optional.of("the kernel has no dummy interfaces (module dummy, CONFIG_DUMMY)");
    }
    return Optional.of("cannot make a dummy interface: " + error);
  }

  /// Why a scheduler cannot be used, if so, with those that can be; for people.
  ///
  /// @throws IOException if the kernel does not tell
  public static Optional<String> schedulerObstacle(String scheduler) throws IOException {
    Optional<IpvsTable> table = IpvsTable.open();
    if (table.isEmpty()) {
      return Optional.of(NO_IPVS);
    }
    try (IpvsTable open = table.get()) {
      if (open.offers(scheduler)) {
        return Optional.empty();
      }
      List<String> offered = new ArrayList<>();
      for (String known : KNOWN_SCHEDULERS) {
        if (open.offers(known)) {
          offered.add(known);
        }
      }
      return Optional.of(
          "the kernel has no IPVS scheduler \""
              + scheduler
              + "\" (module ip_vs_"
              + scheduler
              + "); it offers "
              + String.join(", ", offered));
    }
  }

  /// Why rules cannot look into sets, if so; for people, with the name of the module. A chain that
  /// nothing leads to is made and removed again.
  ///
  /// @throws InterruptedException if the thread was interrupted while a program ran
  public static Optional<String> rulesObstacle(Programs programs, Tools tools)
      throws InterruptedException {
    try (IpSets sets = IpSets.open()) {
      var shape = SetShape.Hash.of(HashType.IP_PORT, tools.family());
      Answer made = sets.apply(List.of(new SetChange.Create(TRIAL_SET, shape))).getFirst();
      // one that is there was left by a process that was killed here
      if (made instanceof Answer.Refused(NetlinkError error) && !error.is(Errno.EEXIST)) {
        return Optional.of(
            "cannot make an ipset (module ip_set_hash_ipport): " + SetError.describe(error));
      }
      ProgramCall restore = ProgramCall.of(PATIENCE, tools.restore(), "-w", "5", "--noflush");
      ProgramEnd end = programs.run(restore, TRIAL_RULES.getBytes(StandardCharsets.UTF_8));
      sets.apply(List.of(new SetChange.Destroy(TRIAL_SET)));
      return switch (end) {
        case ProgramEnd.Exited exited when exited.succeeded() || HostIptables.isLocked(exited) ->
            Optional.empty();
        case ProgramEnd.Exited exited ->
            Optional.of(
                "rules cannot look into ipsets (module xt_set, CONFIG_NETFILTER_XT_SET): "
                    + exited.errors().strip());
        case ProgramEnd.NotStarted(String reason) ->
            Optional.of("cannot run " + tools.restore() + ": " + reason);
        case ProgramEnd.TimedOut(Duration after) ->
            Optional.of(restore + " did not end within " + after.toSeconds() + " seconds");
      };
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
