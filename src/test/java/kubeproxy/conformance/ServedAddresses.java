package kubeproxy.conformance;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.dataplane.Capability;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.testing.net.Sctp;
import kubeproxy.testing.net.Topology;
import kubeproxy.testing.scenario.Check;
import kubeproxy.testing.scenario.Check.Expectation;
import kubeproxy.testing.scenario.Scenario;
import kubeproxy.testing.scenario.Scenario.CapableCheck;
import kubeproxy.testing.scenario.Scenario.Step;
import org.jspecify.annotations.Nullable;

/// Where a scenario needs servers: at every endpoint that any of its objects names, whether or not
/// it should be reached, and at every destination itself, so that a packet which nobody translates
/// or refuses is answered there and noticed.
final class ServedAddresses {

  /// One server.
  record Served(IpAddress address, int port, Protocol protocol) {}

  private final Topology topology;
  private final Set<Capability> lacking;
  private final Set<Served> all = new LinkedHashSet<>();

  private ServedAddresses(Topology topology, Set<Capability> lacking) {
    this.topology = topology;
    this.lacking = lacking;
  }

  /// @param lacking what the mode cannot do
  static Set<Served> of(Scenario scenario, Topology topology, Set<Capability> lacking) {
    var served = new ServedAddresses(topology, lacking);
    for (Step step : scenario.steps()) {
      switch (step) {
        case Step.Change change ->
            change.apply().forEach(object -> served.addObject(object.tree()));
        case Step.Checks checks -> checks.checks().forEach(served::addChecks);
        case Step.Open open -> served.addChecks(open.check());
        case Step.Again again -> served.addChecks(again.check());
        case Step.Pause _, Step.Restart _ -> {}
      }
    }
    return served.all;
  }

  /// On a loopback address the proxy itself may have to listen.
  private void addChecks(CapableCheck checks) {
    Check check = checks.forModeLacking(lacking);
    boolean untranslated = check.expectation() instanceof Expectation.NotServed;
    if (untranslated || !check.destination().isLoopback()) {
      addCheck(check);
    }
  }

  private void addCheck(Check check) {
    add(check.destination().toString(), check.port(), check.protocol());
  }

  private void addObject(Map<String, ?> object) {
    if ("EndpointSlice".equals(object.get("kind"))) {
      addEndpoints(object, "endpoints", "addresses");
    }
    if ("Endpoints".equals(object.get("kind"))) {
      for (Map<?, ?> subset : maps(object.get("subsets"))) {
        addEndpoints(subset, "addresses", "ip");
        addEndpoints(subset, "notReadyAddresses", "ip");
      }
    }
  }

  private void addEndpoints(Map<?, ?> owner, String endpoints, String addressField) {
    for (Map<?, ?> port : maps(owner.get("ports"))) {
      Protocol protocol =
          port.get("protocol") instanceof String text ? Protocol.valueOf(text) : Protocol.TCP;
      for (Map<?, ?> endpoint : maps(owner.get(endpoints))) {
        Object address = endpoint.get(addressField);
        String first =
            address instanceof List<?> list
                ? String.valueOf(list.getFirst())
                : String.valueOf(address);
        if (port.get("port") instanceof Number number) {
          add(first, number.intValue(), protocol);
        }
      }
    }
  }

  /// Addresses that nobody has are for scenarios about bad input; SCTP that the
  /// kernel does not speak is asked of the mode.
  private void add(String text, int port, Protocol protocol) {
    if (protocol == Protocol.SCTP && !Sctp.isSpoken()) {
      return;
    }
    IpAddress.parse(text)
        .filter(address -> topology.owner(address).isPresent())
        .ifPresent(address -> all.add(new Served(address, port, protocol)));
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      return List.of();
    }
    return list.stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList();
  }
}
