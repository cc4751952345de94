package kubeproxy.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.LoadBalancerIngress;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Problem;
import kubeproxy.model.Protocol;
import kubeproxy.model.Service;
import kubeproxy.model.ServicePort;
import kubeproxy.model.ServiceType;
import kubeproxy.model.TrafficPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceDecodingTest {

  private static Service service(String spec) {
    String head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n";
    return Decoded.of(head + spec.indent(2)).only(Service.class);
  }

  @Test
  void everythingThatMatters() {
    Service service =
        Decoded.of(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  namespace: shop
                  uid: 8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d37
                  creationTimestamp: "2026-01-01T00:00:00Z"
                  labels: {service.kubernetes.io/service-proxy-name: other, app: web}
                  annotations: {a: b}
                spec:
                  type: LoadBalancer
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10, "fd00:10:96::a"]
                  ipFamilies: [IPv4, IPv6]
                  externalIPs: [198.51.100.7, "", " 198.51.100.08 "]
                  externalTrafficPolicy: Local
                  internalTrafficPolicy: Local
                  healthCheckNodePort: 32000
                  loadBalancerSourceRanges: [" 203.0.113.7/24 ", ""]
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
                  topologyKeys: [kubernetes.io/hostname, "*"]
                  selector: {app: web}
                  ports:
                  - {name: http, port: 80, protocol: TCP, targetPort: 8080, nodePort: 30080}
                  - {name: dns, port: 53, protocol: UDP, targetPort: dns}
                status:
                  loadBalancer:
                    ingress:
                    - {ip: 192.0.2.1, ipMode: VIP}
                    - {ip: 192.0.2.2, ipMode: Proxy, ports: [{port: 80, protocol: TCP}]}
                    - {ip: 192.0.2.3}
                    - {hostname: lb.example.org}
                """)
            .only(Service.class);

    assertThat(service)
        .isEqualTo(
            new Service(
                new ObjectKey("shop", "web"),
                UUID.fromString("8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d37"),
                1_767_225_600_000L,
                ServiceType.LOAD_BALANCER,
                false,
                IpAddress.of("10.96.0.10"),
                List.of(IpAddress.of("10.96.0.10"), IpAddress.of("fd00:10:96::a")),
                List.of(IpFamily.IPV4, IpFamily.IPV6),
                List.of(
                    new ServicePort("http", Protocol.TCP, 80, 30080),
                    new ServicePort("dns", Protocol.UDP, 53, 0)),
                List.of(IpAddress.of("198.51.100.7"), IpAddress.of("198.51.100.8")),
                List.of(
                    new LoadBalancerIngress(IpAddress.of("192.0.2.1"), false),
                    new LoadBalancerIngress(IpAddress.of("192.0.2.2"), true),
                    new LoadBalancerIngress(IpAddress.of("192.0.2.3"), false)),
                List.of(IpPrefix.of("203.0.113.0/24")),
                TrafficPolicy.LOCAL,
                TrafficPolicy.LOCAL,
                60,
                32000,
                List.of("kubernetes.io/hostname", "*"),
                true,
                List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one",
        "8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d3",
        "8BD0B2BA-0C8C-4CA2-9AEB-4F5B2DBC7D37",
        "8bd0b2ba-0c8c-4ca2-9aeb-4f5b2dbc7d3g",
        "0008bd0b-2ba0-c8c4-ca29-a-eb4f5b2dbc",
      })
  void aUidInAnotherFormIsNone(String uid) {
    String head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";
    assertThat(Decoded.of(head + "  uid: " + uid + "\n").only(Service.class).uid()).isNull();
  }

  @Test
  void whatTheApiServerWouldFillIn() {
    Service service =
        service("clusterIPs: [10.96.0.1]\nports: [{port: 80}]\nsessionAffinity: ClientIP");

    assertThat(service.key()).isEqualTo(new ObjectKey("default", "web"));
    assertThat(service.type()).isEqualTo(ServiceType.CLUSTER_IP);
    assertThat(service.clusterIp()).isEqualTo(IpAddress.of("10.96.0.1"));
    assertThat(service.ipFamilies()).containsExactly(IpFamily.IPV4);
    assertThat(service.ports()).containsExactly(new ServicePort("", Protocol.TCP, 80, 0));
    assertThat(service.internalTrafficPolicy()).isEqualTo(TrafficPolicy.CLUSTER);
    assertThat(service.affinityTimeoutSeconds()).isEqualTo(10_800);
    assertThat(service.problems()).isEmpty();
  }

  @Test
  void nullIsTheSameAsNothing() {
    Service service =
        service("ports: null\nclusterIP: null\nclusterIPs: null\ntype: null\nexternalIPs:");

    assertThat(service.clusterIp()).isNull();
    assertThat(service.ports()).isEmpty();
    assertThat(service.problems()).isEmpty();
  }

  @Test
  void headless() {
    assertThat(service("clusterIP: None").headless()).isTrue();
    Service modern = service("clusterIP: None\nclusterIPs: [None]\nipFamilies: [IPv4]");
    assertThat(modern.headless()).isTrue();
    assertThat(modern.clusterIps()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,10800,1", "1,1,0", "86400,86400,0", "86401,10800,1", "-5,10800,1"})
  void affinityTimeout(int written, int used, int problems) {
    Service service =
        service(
            "sessionAffinity: ClientIP\nsessionAffinityConfig: {clientIP: {timeoutSeconds: "
                + written
                + "}}");

    assertThat(service.affinityTimeoutSeconds()).isEqualTo(used);
    assertThat(service.problems()).hasSize(problems);
  }

  @Test
  void aBadClusterIpDoesNotGiveItsNeighbourAWrongFamily() {
    Service service =
        service("clusterIP: x\nclusterIPs: [10.0.0.256, 'fd00::1']\nipFamilies: [IPv4, IPv6]");

    assertThat(service.clusterIps()).containsExactly(IpAddress.of("fd00::1"));
    assertThat(service.ipFamilies()).containsExactly(IpFamily.IPV6);
    assertThat(service.problems())
        .extracting(Problem::field)
        .containsExactly("spec.clusterIP", "spec.clusterIPs[0]");
  }

  @Test
  void badValuesAreProblemsAndLeftOut() {
    Service service =
        service(
            """
            externalIPs: [198.51.100.1, nonsense]
            loadBalancerSourceRanges: [10.0.0.0/33]
            ports: [{port: 0}, {port: 80, nodePort: 70000}]
            healthCheckNodePort: -1
            """);

    assertThat(service.externalIps()).containsExactly(IpAddress.of("198.51.100.1"));
    assertThat(service.loadBalancerSourceRanges()).isEmpty();
    assertThat(service.ports()).containsExactly(new ServicePort("", Protocol.TCP, 80, 0));
    assertThat(service.healthCheckNodePort()).isZero();
    assertThat(service.problems())
        .extracting(problem -> problem.field() + "=" + problem.value())
        .containsExactly(
            "spec.externalIPs[1]=nonsense",
            "spec.healthCheckNodePort=-1",
            "spec.loadBalancerSourceRanges[0]=10.0.0.0/33",
            "spec.ports[0].port=0",
            "spec.ports[1].nodePort=70000");
    assertThat(service.problems())
        .allSatisfy(problem -> {
          assertThat(problem.kind()).isEqualTo("Service");
          assertThat(problem.object()).isEqualTo(service.key());
          assertThat(problem.reason()).isEqualTo(Problem.Reason.INVALID_VALUE);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59Z",
        "2000-02-29T12:34:56Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-01-01T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-01-01T00:00:00.25Z",
        "2026-01-01T01:00:00+01:00"
      })
  void timesAreThoseOfRfc3339(String time) {
    assertThat(created(time)).isEqualTo(Instant.parse(time).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:0xZ"
      })
  void otherTimesAreMalformed(String time) {
    assertThatThrownBy(() -> created(time))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("must be a time");
  }

  private static long created(String time) {
    String head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";
    return Decoded.of(head + "  creationTimestamp: \"" + time + "\"\n")
        .only(Service.class)
        .createdMillis();
  }
}
