package kubeproxy.plan;

import static kubeproxy.testing.Objects.on;
import static kubeproxy.testing.Objects.ready;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.testing.EndpointTraits;
import org.junit.jupiter.api.Test;

/// How the slices of a Service become endpoints of its ports.
class CandidateTest {
  private static final OwnNode NODE = new OwnNode(PlanFixture.NODE, null, List.of(), List.of());
  private static final ServicePort PORT = new ServicePort("p", Protocol.TCP, 80, 0);

  private static List<Candidate> candidates(EndpointSlice... slices) {
    return Candidate.of(PORT, List.of(slices), NODE);
  }

  private static List<String> backends(EndpointSlice... slices) {
    return candidates(slices).stream().map(one -> one.backend().toString()).toList();
  }

  private static EndpointSlice one(String name, EndpointTraits traits) {
    return slice("ns/svc", name).port("p", 80).endpoint("10.0.0.1", traits).build();
  }

  @Test
  void portsJoinByNameAndProtocol() {
    assertThat(
            backends(
                slice("ns/svc", "a")
                    .port("p", Protocol.UDP, 1)
                    .port("", 2)
                    .port("p", 3)
                    .endpoints("10.0.0.1")
                    .build()))
        .containsExactly("10.0.0.1:3");
  }

  @Test
  void severalSlicesAndPortsAddUp() {
    assertThat(
            backends(
                slice("ns/svc", "a").port("p", 80).endpoints("10.0.0.9", "10.0.0.2").build(),
                slice("ns/svc", "b").port("p", 8080).endpoints("10.0.0.2").build()))
        .containsExactly("10.0.0.2:80", "10.0.0.2:8080", "10.0.0.9:80");
  }

  @Test
  void sortedByNumberNotByText() {
    assertThat(backends(slice("ns/svc").port("p", 80).endpoints("10.0.0.10", "10.0.0.9").build()))
        .containsExactly("10.0.0.9:80", "10.0.0.10:80");
  }

  @Test
  void aLivingEntryBeatsATerminatingOneInEitherOrder() {
    EndpointSlice living = one("a", ready().unready());
    EndpointSlice dying = one("b", ready().terminating());
    assertThat(candidates(living, dying)).singleElement().matches(c -> !c.isServingTerminating());
    assertThat(candidates(dying, living)).singleElement().matches(c -> !c.isServingTerminating());
  }

  @Test
  void aReadyEntryBeatsAnUnreadyOneInEitherOrder() {
    EndpointSlice ready = one("a", ready());
    EndpointSlice unready = one("b", on(PlanFixture.NODE).unready());
    assertThat(candidates(ready, unready)).singleElement().matches(Candidate::isReady);
    assertThat(candidates(unready, ready)).singleElement().matches(Candidate::isReady);
  }

  @Test
  void ofTwoTerminatingEntriesTheServingOneCounts() {
    EndpointSlice serving = one("a", ready().terminating());
    EndpointSlice gone = one("b", ready().gone());
    assertThat(candidates(serving, gone)).singleElement().matches(Candidate::isServingTerminating);
    assertThat(candidates(gone, serving)).singleElement().matches(Candidate::isServingTerminating);
  }

  @Test
  void onlyOurNodeIsLocal() {
    EndpointSlice elsewhere = one("a", on("node2"));
    EndpointSlice unknown = one("a", ready());
    assertThat(candidates(one("a", on(PlanFixture.NODE)))).allMatch(Candidate::local);
    assertThat(candidates(elsewhere)).noneMatch(Candidate::local);
    assertThat(candidates(unknown)).noneMatch(Candidate::local);
    OwnNode nameless = new OwnNode("", null, List.of(), List.of());
    assertThat(Candidate.of(PORT, List.of(one("a", on(""))), nameless)).noneMatch(Candidate::local);
  }

  @Test
  void legacySlicesCountOnlyWithoutRealOnesOfAnyFamily() {
    EndpointSlice legacy =
        slice("ns/svc", "a").legacy().port("p", 80).endpoints("10.0.0.1").build();
    EndpointSlice real = slice("ns/svc", "b").port("p", 80).endpoints("10.0.0.2").build();
    EndpointSlice real6 = slice("ns/svc", "c").ipv6().port("p", 80).endpoints("fd00::1").build();
    assertThat(Candidate.countingSlices(List.of(legacy), IpFamily.IPV4)).containsExactly(legacy);
    assertThat(Candidate.countingSlices(List.of(legacy, real), IpFamily.IPV4))
        .containsExactly(real);
    assertThat(Candidate.countingSlices(List.of(legacy, real6), IpFamily.IPV4)).isEmpty();
  }

  @Test
  void aTargetPortMayDifferByProtocol() {
    Service service =
        service("ns/svc")
            .clusterIp("172.30.0.1")
            .port("dns", Protocol.UDP, 53)
            .port("dns", Protocol.TCP, 53)
            .build();
    EndpointSlice slice =
        slice("ns/svc")
            .port("dns", Protocol.UDP, 5353)
            .port("dns", Protocol.TCP, 5354)
            .endpoints("10.0.0.1")
            .build();
    assertThat(PlanFixture.frontends(service, slice))
        .containsExactly(
            "ClusterIP 172.30.0.1:53 internal 10.0.0.1:5353",
            "ClusterIP 172.30.0.1:53 internal 10.0.0.1:5354");
  }
}
