package kubeproxy.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kubeproxy.dataplane.Capability;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.Refusal;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// A data plane over a [FakeKernel]. It checks what the seam promises to a mode: that the hint
/// misses no difference and that after an unknown outcome the kernel is read back first.
public final class FakeDataplane implements Dataplane {
  private final FakeKernel kernel;
  private final List<SyncRequest> requests = new ArrayList<>();
  private Runnable duringSync = () -> {};

  /// What was acknowledged; null as long as the kernel must be read back.
  private @Nullable Map<ObjectKey, PlannedService> believed;

  private boolean closed;

  public FakeDataplane(FakeKernel kernel) {
    this.kernel = kernel;
  }

  /// All requests so far.
  public List<SyncRequest> requests() {
    return requests;
  }

  /// Whether it was closed.
  public boolean isClosed() {
    return closed;
  }

  /// Runs this within every call.
  public void setDuringSync(Runnable duringSync) {
    this.duringSync = duringSync;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public IpFamily family() {
    return kernel.family();
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public SyncOutcome sync(SyncRequest request) {
    if (closed || request.plan().family() != family()) {
      throw new AssertionError("not to be called");
    }
    requests.add(request);
    checkPromises(request);
    duringSync.run();
    return switch (kernel.nextFault()) {
      case NONE -> transact(request);
      case REJECT ->
          new SyncOutcome.Rejected(List.of(new Refusal(null, "everything", "ENOMEM", "")));
      case UNKNOWN_BEFORE -> unknown("lost before");
      case UNKNOWN_AFTER ->
          switch (transact(request)) {
            case SyncOutcome.Applied _ -> unknown("lost after");
            case SyncOutcome.Rejected rejected -> rejected;
            case SyncOutcome.Indeterminate indeterminate -> indeterminate;
          };
    };
  }

  @Override
  public Map<String, Integer> objectCounts() {
    return Map.of();
  }

  @Override
  public void cleanUp() {
    throw new AssertionError("the engine does not clean up");
  }

  @Override
  public void close() {
    closed = true;
  }

  private SyncOutcome unknown(String reason) {
    believed = null;
    return new SyncOutcome.Indeterminate(reason);
  }

  private void checkPromises(SyncRequest request) {
    if (request.delta().services().stream().anyMatch(request.setAside()::contains)) {
      throw new AssertionError("the hint names a Service that is set aside");
    }
    Map<ObjectKey, PlannedService> installed = believed;
    if (request.observe()) {
      return;
    }
    if (installed == null) {
      throw new AssertionError("must observe first");
    }
    for (ObjectKey service : allKeys(request, installed)) {
      boolean differs =
          !Objects.equals(installed.get(service), request.plan().services().get(service));
      if (differs
          && !request.setAside().contains(service)
          && !request.delta().services().contains(service)) {
        throw new AssertionError("the hint misses " + service);
      }
    }
    if (!request.plan().settings().equals(kernel.settings()) && !request.delta().settings()) {
      throw new AssertionError("the hint misses the settings");
    }
  }

  private Set<ObjectKey> allKeys(SyncRequest request, Map<ObjectKey, PlannedService> other) {
    Set<ObjectKey> keys = new TreeSet<>(request.plan().services().sortedKeys());
    keys.addAll(other.keySet());
    return keys;
  }

  private SyncOutcome transact(SyncRequest request) {
    Map<ObjectKey, PlannedService> held = kernel.services();
    Set<ObjectKey> looked =
        request.observe() ? allKeys(request, held) : new TreeSet<>(request.delta().services());
    looked.removeAll(request.setAside());
    Map<ObjectKey, PlannedService> next = new TreeMap<>(held);
    List<Refusal> refusals = new ArrayList<>();
    int operations = 0;
    int repaired = 0;
    Map<ObjectKey, PlannedService> installed = believed;
    for (ObjectKey service : looked) {
      boolean changedByOthers =
          installed != null && !Objects.equals(held.get(service), installed.get(service));
      if (changedByOthers && !request.observe()) {
        return unknown("not what was believed: " + service);
      }
      PlannedService wanted = request.plan().services().get(service);
      if (Objects.equals(held.get(service), wanted)) {
        continue;
      }
      operations++;
      repaired += changedByOthers ? 1 : 0;
      if (kernel.refuses(service)) {
        boolean named = kernel.naming() != FakeKernel.Naming.NONE;
        refusals.add(new Refusal(named ? service : null, "put " + service, "EINVAL", ""));
      }
      if (wanted == null) {
        next.remove(service);
      } else {
        next.put(service, wanted);
      }
    }
    if (!refusals.isEmpty()) {
      boolean first = kernel.naming() == FakeKernel.Naming.FIRST;
      return new SyncOutcome.Rejected(first ? refusals.subList(0, 1) : refusals);
    }
    kernel.replace(next, request.plan().settings());
    if (request.observe() || installed == null) {
      believed = next;
    } else {
      // what others did to Services that nobody looked at stays unknown
      Map<ObjectKey, PlannedService> acknowledged = new TreeMap<>(installed);
      acknowledged.keySet().removeAll(looked);
      next.forEach((service, planned) -> {
        if (looked.contains(service)) {
          acknowledged.put(service, planned);
        }
      });
      believed = acknowledged;
    }
    return new SyncOutcome.Applied(operations, repaired);
  }
}
