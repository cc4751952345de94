package kubeproxy.testing.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.dataplane.Capability;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.plan.PlanConfig.DetectLocal;
import kubeproxy.plan.PlanConfig.NodePortChoice;

/// One story: objects come and go, and packets are sent in between.
///
/// @param name unique among all scenarios
/// @param source the upstream test or report that it comes from
/// @param family the family it is run in: a scenario for both is two of these
/// @param steps in their order
public record Scenario(
    String name, String source, IpFamily family, NodeOptions node, List<Step> steps) {

  public Scenario {
    steps = List.copyOf(steps);
  }

  /// How the node is set up. Its name is `test-node`.
  ///
  /// @param addresses addresses that the node has besides those of the topology
  /// @param sctp feature gate SCTPSupport
  /// @param serviceTopology feature gate ServiceTopology
  public record NodeOptions(
      boolean masqueradeAll,
      DetectLocal detectLocal,
      NodePortChoice nodePortAddresses,
      List<IpAddress> addresses,
      boolean sctp,
      boolean serviceTopology) {

    /// Our Node's name, also in `nodeName` of endpoints.
    public static final String NODE_NAME = "test-node";

    public NodeOptions {
      addresses = List.copyOf(addresses);
    }

    /// A node with the feature gates at their defaults.
    public NodeOptions(
        boolean masqueradeAll,
        DetectLocal detectLocal,
        NodePortChoice nodePortAddresses,
        List<IpAddress> addresses) {
      this(masqueradeAll, detectLocal, nodePortAddresses, addresses, true, false);
    }
  }

  /// A Kubernetes object as text.
  ///
  /// @param yaml one YAML document
  /// @param tree the same as maps, lists and scalars
  public record ObjectDocument(Identity identity, String yaml, Map<String, ?> tree) {}

  /// What tells objects apart.
  public record Identity(String kind, String namespace, String name)
      implements Comparable<Identity> {

    @Override
    public int compareTo(Identity other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return kind + " " + namespace + "/" + name;
    }
  }

  /// One thing that happens.
  public sealed interface Step {

    /// Objects are created or replaced and others deleted, all at once; the next step waits until
    /// the node carries it out.
    record Change(List<ObjectDocument> apply, List<Identity> delete) implements Step {
      public Change {
        apply = List.copyOf(apply);
        delete = List.copyOf(delete);
      }
    }

    /// Packets are sent, all at the same time.
    record Checks(List<CapableCheck> checks) implements Step {
      public Checks {
        checks = List.copyOf(checks);
      }
    }

    /// A flow is opened and kept under a name.
    record Open(String flow, CapableCheck check) implements Step {}

    /// An open flow is used once more.
    record Again(String flow, CapableCheck check) implements Step {}

    /// Nothing, for a while.
    record Pause(Duration duration) implements Step {}

    /// The proxy ends, without removing anything, and starts anew.
    record Restart() implements Step {}
  }

  /// A check that depends on what the mode can do.
  ///
  /// @param needs what `check` expects of the mode
  /// @param otherwise what is expected of a mode that lacks it; `check` again if `needs` is empty
  public record CapableCheck(Check check, Set<Capability> needs, Check otherwise) {
    public CapableCheck {
      needs = Set.copyOf(needs);
    }

    /// The check for a mode that lacks these. Where the source of packets is not preserved, every
    /// endpoint sees some address of the node, and that is no reason for an `otherwise`.
    public Check forModeLacking(Set<Capability> lacking) {
      Check chosen = needs.stream().anyMatch(lacking::contains) ? otherwise : check;
      return lacking.contains(Capability.SOURCE_ADDRESS_PRESERVED) ? chosen.relayed() : chosen;
    }
  }
}
