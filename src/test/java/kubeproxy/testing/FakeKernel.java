package kubeproxy.testing;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePlan;
import kubeproxy.plan.NodeSettings;
import kubeproxy.plan.PlannedService;
import org.jspecify.annotations.Nullable;

/// What one family of a kernel holds: survives restarts of the proxy, can be changed by others, and
/// can be told to fail.
public final class FakeKernel {

  /// What happens to a call.
  public enum Fault {
    NONE,
    /// Refused as a whole; no Service is named.
    REJECT,
    /// Nothing was done, but the caller cannot know.
    UNKNOWN_BEFORE,
    /// Everything was done, but the caller cannot know.
    UNKNOWN_AFTER
  }

  /// Which Services a refusal tells of.
  public enum Naming {
    ALL,
    /// Just the first; it hides the others.
    FIRST,
    NONE
  }

  private final IpFamily family;
  private final Set<ObjectKey> refused = new HashSet<>();
  private Map<ObjectKey, PlannedService> services = new TreeMap<>();
  private @Nullable NodeSettings settings;
  private IntFunction<Fault> faults = _ -> Fault.NONE;
  private Naming naming = Naming.ALL;
  private int calls;

  public FakeKernel(IpFamily family) {
    this.family = family;
  }

  public IpFamily family() {
    return family;
  }

  /// The Services as programmed.
  public Map<ObjectKey, PlannedService> services() {
    return new TreeMap<>(services);
  }

  /// The settings as programmed, or null before the first time.
  public @Nullable NodeSettings settings() {
    return settings;
  }

  /// Calls so far.
  public int calls() {
    return calls;
  }

  /// What happens to the first, second, ... call from now on, counting from 1.
  public void setFaults(IntFunction<Fault> faults) {
    int before = calls;
    this.faults = call -> faults.apply(call - before);
  }

  /// Refuses every change of this Service from now on.
  public void refuse(ObjectKey service) {
    refused.add(service);
  }

  /// Refuses no Service any longer.
  public void refuseNothing() {
    refused.clear();
  }

  /// Which Services refusals tell of from now on.
  public void setNaming(Naming naming) {
    this.naming = naming;
  }

  /// Someone else removes what belongs to a Service.
  public void lose(ObjectKey service) {
    services.remove(service);
  }

  /// Someone else writes something that nobody wants.
  public void gain(PlannedService service) {
    services.put(service.key(), service);
  }

  /// Whether it holds exactly this plan.
  public boolean holds(NodePlan plan) {
    Map<ObjectKey, PlannedService> wanted = new TreeMap<>();
    plan.services().forEach(wanted::put);
    return wanted.equals(services) && plan.settings().equals(settings);
  }

  Fault nextFault() {
    calls++;
    return faults.apply(calls);
  }

  boolean refuses(ObjectKey service) {
    return refused.contains(service);
  }

  Naming naming() {
    return naming;
  }

  void replace(Map<ObjectKey, PlannedService> nextServices, NodeSettings nextSettings) {
    services = new TreeMap<>(nextServices);
    settings = nextSettings;
  }
}
