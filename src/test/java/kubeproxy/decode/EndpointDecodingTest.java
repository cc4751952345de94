package kubeproxy.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import kubeproxy.model.Endpoint;
import kubeproxy.model.EndpointPort;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Label;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointDecodingTest {
  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
      """;

  private static Endpoint endpoint(String ip, String conditions, @Nullable String node) {
    return new Endpoint(
        IpAddress.of(ip),
        conditions.contains("r"),
        conditions.contains("s"),
        conditions.contains("t"),
        node,
        List.of(),
        List.of());
  }

  @Test
  void everythingThatMatters() {
    // As kubectl sorts it: much of the slice comes before its kind.
    EndpointSlice slice =
        Decoded.of(
                """
                addressType: IPv4
                apiVersion: discovery.k8s.io/v1
                endpoints:
                - addresses: [10.1.0.1, 10.1.0.2]
                  conditions: {ready: true, serving: true, terminating: false}
                  hints:
                    forNodes: [{name: node-a}]
                    forZones: [{name: zone-a}, {name: zone-b}]
                  nodeName: node-a
                  targetRef: {kind: Pod, name: p}
                  zone: zone-a
                - addresses: [10.1.0.3]
                  conditions: {ready: false, serving: true, terminating: true}
                  deprecatedTopology: {kubernetes.io/hostname: old}
                - addresses: [10.1.0.4]
                  conditions: {ready: null}
                - addresses: [10.1.0.05]
                  conditions: {ready: false}
                kind: EndpointSlice
                metadata:
                  labels: {kubernetes.io/service-name: web}
                  name: web-1
                  namespace: shop
                ports:
                - {name: http, port: 8080, protocol: TCP}
                - {name: "", port: 53, protocol: UDP}
                """)
            .only(EndpointSlice.class);

    Endpoint first =
        new Endpoint(
            IpAddress.of("10.1.0.1"),
            true,
            true,
            false,
            "node-a",
            List.of("zone-a", "zone-b"),
            List.of("node-a"),
            List.of(new Label(Label.ZONE, "zone-a")));
    assertThat(slice)
        .isEqualTo(
            new EndpointSlice(
                new ObjectKey("shop", "web-1"),
                new ObjectKey("shop", "web"),
                IpFamily.IPV4,
                false,
                List.of(
                    new EndpointPort("http", Protocol.TCP, 8080),
                    new EndpointPort("", Protocol.UDP, 53)),
                List.of(
                    first,
                    endpoint("10.1.0.3", "st", null),
                    endpoint("10.1.0.4", "rs", null),
                    endpoint("10.1.0.5", "s", null)),
                List.of()));
  }

  @Test
  void whenThatChangedWhichTheSliceFollows() {
    String time = "    endpoints.kubernetes.io/last-change-trigger-time: ";
    String slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        addressType: IPv4
        metadata:
          name: web-1
          labels: {kubernetes.io/service-name: web}
          annotations:
            other: "1"
        """;
    EndpointSlice whole =
        Decoded.of(slice + time + "\"2026-01-31T12:00:00Z\"\n").only(EndpointSlice.class);
    assertThat(whole.triggeredMillis()).isEqualTo(1_769_860_800_000L);
    EndpointSlice exact =
        Decoded.of(slice + time + "\"2026-01-31T13:00:00.123456789+01:00\"\n")
            .only(EndpointSlice.class);
    assertThat(exact.triggeredMillis()).isEqualTo(1_769_860_800_123L);
    assertThat(Decoded.of(slice).only(EndpointSlice.class).triggeredMillis()).isZero();
    EndpointSlice bad = Decoded.of(slice + time + "yesterday\n").only(EndpointSlice.class);
    assertThat(bad.triggeredMillis()).isZero();
    assertThat(bad.problems())
        .extracting(problem -> problem.field() + " " + problem.value())
        .containsExactly(
            "metadata.annotations.endpoints.kubernetes.io/last-change-trigger-time yesterday");
  }

  @Test
  void aChangeOfAnOldObjectIsOneInEachFamily() {
    Decoded decoded =
        Decoded.of(
            """
            apiVersion: v1
            kind: Endpoints
            metadata:
              name: web
              annotations:
                endpoints.kubernetes.io/last-change-trigger-time: "2026-01-31T12:00:00Z"
            subsets:
            - addresses: [{ip: 10.1.0.1}, {ip: "fd00::1"}]
            - addresses: [{ip: 10.1.0.2}]
            """);
    assertThat(decoded.objects())
        .extracting(object -> ((EndpointSlice) object).triggeredMillis())
        .containsExactly(1_769_860_800_000L, 1_769_860_800_000L, 0L);
  }

  @Test
  void whereAnEndpointRuns() {
    String head =
        """
        kind: EndpointSlice
        addressType: IPv4
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        apiVersion: discovery.k8s.io/\
        """;
    EndpointSlice old =
        Decoded.of(
                head
                    + """
                    v1beta1
                    endpoints:
                    - addresses: [10.1.0.1]
                      topology:
                        topology.kubernetes.io/zone: zone-a
                        kubernetes.io/hostname: node-a
                        rack: r1
                    """)
            .only(EndpointSlice.class);
    assertThat(old.endpoints().getFirst().nodeName()).isEqualTo("node-a");
    assertThat(old.endpoints().getFirst().topology())
        .containsExactly(new Label("rack", "r1"), new Label(Label.ZONE, "zone-a"));
    EndpointSlice current =
        Decoded.of(
                head
                    + """
                    v1
                    endpoints:
                    - addresses: [10.1.0.1]
                      zone: zone-a
                      deprecatedTopology:
                        rack: r1
                        kubernetes.io/hostname: node-a
                        topology.kubernetes.io/zone: zone-a
                    """)
            .only(EndpointSlice.class);
    assertThat(current.endpoints().getFirst().nodeName()).isNull();
    assertThat(current.endpoints().getFirst().topology())
        .containsExactly(new Label("rack", "r1"), new Label(Label.ZONE, "zone-a"));
  }

  @Test
  void theNodeOfTheBetaVersionIsInItsTopology() {
    EndpointSlice slice =
        Decoded.of(
                """
                apiVersion: discovery.k8s.io/v1beta1
                kind: EndpointSlice
                metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv6
                endpoints:
                - addresses: ["fd00::1"]
                  topology: {kubernetes.io/hostname: node-a, topology.kubernetes.io/zone: z}
                - addresses: ["fd00::2"]
                  topology: {kubernetes.io/hostname: node-a}
                  nodeName: node-b
                """)
            .only(EndpointSlice.class);

    assertThat(slice.key()).isEqualTo(new ObjectKey("default", "web-1"));
    assertThat(slice.endpoints())
        .extracting(Endpoint::nodeName)
        .containsExactly("node-a", "node-b");
  }

  @Test
  void badEndpointsAndPortsAreProblemsAndLeftOut() {
    EndpointSlice slice =
        Decoded.of(
                SLICE
                    + """
                    endpoints:
                    - addresses: []
                    - {}
                    - addresses: [10.1.0.1]
                    - addresses: ["fd00::1"]
                    - addresses: [no]
                    ports:
                    - {port: 80}
                    - {name: a}
                    - {name: b, port: 0}
                    - {name: c, port: 65536}
                    - {name: d, port: 65535}
                    addressType: IPv4
                    """)
            .only(EndpointSlice.class);

    assertThat(slice.endpoints()).containsExactly(endpoint("10.1.0.1", "rs", null));
    assertThat(slice.ports()).containsExactly(new EndpointPort("d", Protocol.TCP, 65535));
    assertThat(slice.problems())
        .extracting(problem -> problem.field() + " " + problem.reason())
        .containsExactly(
            "endpoints[0].addresses MISSING_FIELD",
            "endpoints[1].addresses MISSING_FIELD",
            "endpoints[3].addresses[0] INVALID_VALUE",
            "endpoints[4].addresses[0] INVALID_VALUE",
            "ports[0].name MISSING_FIELD",
            "ports[1].port MISSING_FIELD",
            "ports[2].port MISSING_FIELD",
            "ports[3].port INVALID_VALUE");
  }

  @Test
  void aSliceWithoutServiceIsIgnoredWithAProblem() {
    Decoded decoded =
        Decoded.of(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: lost}
            addressType: IPv4
            """);

    assertThat(decoded.objects()).isEmpty();
    assertThat(decoded.ignored())
        .extracting(Problem::object, Problem::reason)
        .containsExactly(tuple(new ObjectKey("default", "lost"), Problem.Reason.MISSING_FIELD));
  }

  @Test
  void slicesOfHostNamesAreSkipped() {
    Decoded decoded =
        Decoded.of(SLICE + "endpoints: [{addresses: [example.org]}]\naddressType: FQDN\n");

    assertThat(decoded.objects()).isEmpty();
    assertThat(decoded.skipped()).containsExactly("EndpointSlice of type FQDN");
  }

  @Test
  void repeatedTextsAndListsAreKeptOnce() {
    EndpointSlice slice =
        Decoded.of(
                SLICE
                    + """
                    addressType: IPv4
                    endpoints:
                    - {addresses: [10.1.0.1], nodeName: node-a, hints: {forZones: [{name: z}]}}
                    - {addresses: [10.1.0.2], nodeName: node-a, hints: {forZones: [{name: z}]}}
                    """)
            .only(EndpointSlice.class);

    Endpoint first = slice.endpoints().getFirst();
    Endpoint last = slice.endpoints().getLast();
    assertThat(first.nodeName()).isSameAs(last.nodeName());
    assertThat(first.zoneHints()).isSameAs(last.zoneHints());
  }

  @Test
  void endpointsBecomeASlicePerSubsetAndFamily() {
    Decoded decoded =
        Decoded.of(
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web, namespace: shop}
            subsets:
            - addresses: [{ip: 10.1.0.1, nodeName: node-a}, {ip: "fd00::1"}, {ip: no}]
              notReadyAddresses: [{ip: 10.1.0.2, hostname: h}]
              ports: [{name: http, port: 8080}, {port: 0}]
            - addresses: [{ip: 10.1.0.3}]
              ports: [{port: 53, protocol: UDP}]
            """);

    ObjectKey service = new ObjectKey("shop", "web");
    List<EndpointPort> http = List.of(new EndpointPort("http", Protocol.TCP, 8080));
    EndpointSlice first = (EndpointSlice) decoded.objects().getFirst();
    assertThat(first.problems())
        .extracting(Problem::field)
        .containsExactly("subsets[0].addresses[2].ip", "subsets[0].ports[1].port");
    assertThat(decoded.objects())
        .containsExactly(
            new EndpointSlice(
                new ObjectKey("shop", "web/subset-0-IPv4"),
                service,
                IpFamily.IPV4,
                true,
                http,
                List.of(endpoint("10.1.0.1", "rs", "node-a"), endpoint("10.1.0.2", "", null)),
                first.problems()),
            new EndpointSlice(
                new ObjectKey("shop", "web/subset-0-IPv6"),
                service,
                IpFamily.IPV6,
                true,
                http,
                List.of(endpoint("fd00::1", "rs", null)),
                List.of()),
            new EndpointSlice(
                new ObjectKey("shop", "web/subset-1-IPv4"),
                service,
                IpFamily.IPV4,
                true,
                List.of(new EndpointPort("", Protocol.UDP, 53)),
                List.of(endpoint("10.1.0.3", "rs", null)),
                List.of()));
  }
}
