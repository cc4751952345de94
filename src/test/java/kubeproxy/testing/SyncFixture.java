package kubeproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.dataplane.SyncOutcome;
import kubeproxy.dataplane.SyncOutcome.Applied;
import kubeproxy.dataplane.SyncRequest;
import kubeproxy.model.ClusterChange;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ClusterSnapshot;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.NodeFacts;
import kubeproxy.plan.PlanConfig;
import kubeproxy.plan.PlanConfig.NodePortChoice;
import kubeproxy.plan.PlanDelta;
import kubeproxy.plan.Planner;

/// A planner that follows a cluster in IPv4, for a test of what a data plane does with its plans.
public abstract class SyncFixture {
  /// The node that plans are made for.
  protected static final String NODE_NAME = "node1";

  protected final Planner planner;
  protected ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  protected NodeFacts facts;
  protected Planner.Step planned;

  /// On a node without addresses for node ports.
  protected SyncFixture() {
    this(new NodePortChoice.InCidrs(List.of()), new NodeFacts(List.of()));
  }

  protected SyncFixture(NodePortChoice nodePorts, NodeFacts facts) {
    this.facts = facts;
    planner =
        new Planner(
            new PlanConfig(
                IpFamily.IPV4,
                NODE_NAME,
                false,
                new PlanConfig.DetectLocal.ByClusterCidr(Objects.prefixes("10.0.0.0/8")),
                nodePorts,
                true));
    planned = planner.update(snapshot, facts, ClusterChange.NONE);
  }

  /// What carries the plans out.
  protected abstract Dataplane dataplane();

  protected final void apply(ClusterDelta delta) {
    ClusterSnapshot.Step step = snapshot.apply(delta);
    snapshot = step.snapshot();
    planned = planner.update(snapshot, facts, step.change());
  }

  protected final void put(ClusterObject... objects) {
    apply(ClusterDelta.ofPut(List.of(objects)));
  }

  /// A Service with port 80 and, at port 8080, its endpoints.
  protected final void put(String name, String clusterIp, Protocol protocol, String... endpoints) {
    put(
        Objects.service("ns/" + name).clusterIp(clusterIp).port("p", protocol, 80).build(),
        Objects.slice("ns/" + name).port("p", protocol, 8080).endpoints(endpoints).build());
  }

  protected SyncOutcome sync(boolean observe, ObjectKey... setAside) {
    return dataplane()
        .sync(new SyncRequest(planned.plan(), planned.delta(), observe, Set.of(setAside)));
  }

  protected final SyncOutcome observeUnchanged() {
    return observe(dataplane());
  }

  /// Has a data plane look at everything, and told of no change.
  protected final SyncOutcome observe(Dataplane any) {
    return any.sync(new SyncRequest(planned.plan(), PlanDelta.NONE, true, Set.of()));
  }

  protected void begin() {
    assertThat(sync(true)).isInstanceOf(Applied.class);
  }
}
