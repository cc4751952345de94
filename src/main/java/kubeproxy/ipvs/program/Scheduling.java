package kubeproxy.ipvs.program;

/// How a virtual server chooses among its real servers.
///
/// @param scheduler its name in the kernel, as `rr`
/// @param persistenceSeconds how long a client stays with a real server after its last connection;
///     0 if it does not
/// @param portHash whether the scheduler is told to look at the client's port too
///     (`IP_VS_SVC_F_SCHED_MH_PORT` of `linux/ip_vs.h`)
public record Scheduling(String scheduler, int persistenceSeconds, boolean portHash) {

  /// The scheduler that can look at ports.
  private static final String MAGLEV = "mh";

  /// A way to choose, in which ports count wherever they can.
  public static Scheduling of(String scheduler, int persistenceSeconds) {
    return new Scheduling(scheduler, persistenceSeconds, scheduler.equals(MAGLEV));
  }

  /// In the words of `ipvsadm`.
  @Override
  public String toString() {
    String persistence = persistenceSeconds == 0 ? "" : " -p " + persistenceSeconds;
    return "-s " + scheduler + persistence + (portHash ? " -b flag-2" : "");
  }
}
