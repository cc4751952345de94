package kubeproxy.decode;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedInputTest {
  private static final String SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spec: {ports: [{port: abc}]}       | 4:23: spec.ports[0].port: must be a whole number, not abc
          spec: {ports: [{port: 3000000000}]} | 4:23: spec.ports[0].port: must be a whole number of 32 bits, not 3000000000
          spec: {ports: [{port: 8.5}]}       | 4:23: spec.ports[0].port: must be a whole number, not 8.5
          spec: {ports: [{port: 1}, {protocol: ICMP}]} | 4:38: spec.ports[1].protocol: must be TCP, UDP or SCTP, not ICMP
          spec: {ports: 80}                  | 4:15: spec.ports: must be a list, not 80
          spec: {ports: [80]}                | 4:16: spec.ports[0]: must be an object, not 80
          spec: []                           | 4:7: spec: must be an object
          spec: {clusterIP: 10}              | 4:19: spec.clusterIP: must be a string, not 10
          spec: {type: nodeport}             | 4:14: spec.type: must be ClusterIP, NodePort, LoadBalancer or ExternalName, not nodeport
          spec: {externalTrafficPolicy: Node} | 4:31: spec.externalTrafficPolicy: must be Cluster or Local, not Node
          spec: {ipFamilies: [4]}            | 4:21: spec.ipFamilies[0]: must be a string, not 4
          spec: {sessionAffinity: client}    | 4:25: spec.sessionAffinity: must be ClientIP or None, not client
          spec: {type: A, type: B}           | 4:14: spec.type: must be ClusterIP, NodePort, LoadBalancer or ExternalName, not A
          spec: {a: 1, a: 2}                 | 4:14: spec.a: the key "a" is there twice, not a
          spec: {a: *b}                      | 4:11: spec.a: aliases are not supported
          spec: {? [a] : b}                  | 4:10: spec: a key must be a scalar
          spec: {                            | 5:1: : not valid YAML: expected the node content, but found '<stream end>'
          """)
  void yaml(String line, String error) {
    assertThat(Decoded.errorOfYaml(SERVICE + line + "\n")).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "spec":{"ports":[{"port":"80"}]}} | 2:26: spec.ports[0].port: must be a whole number, not 80
          "spec":{"ports":[{"port":1e3}]}}  | 2:26: spec.ports[0].port: must be a whole number, not 1e3
          "metadata":{"name":null}}         | 1:1: metadata.name: must be there
          "metadata":{"name":"a","creationTimestamp":"now"}} | 2:44: metadata.creationTimestamp: must be a time as in 2026-01-31T12:00:00Z, not now
          """)
  void json(String line, String error) {
    String head = "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\n";
    assertThat(Decoded.errorOfJson(head + line)).startsWith(error);
  }

  @Test
  void theErrorOfAnItemNamesTheItem() {
    String yaml =
        """
        apiVersion: v1
        items:
        - {apiVersion: v1, kind: Service, metadata: {name: a}}
        - apiVersion: discovery.k8s.io/v1
          endpoints:
          - {addresses: [1]}
          kind: EndpointSlice
        kind: List
        """;

    assertThat(Decoded.errorOfYaml(yaml))
        .isEqualTo("6:18: items[1].endpoints[0].addresses[0]: must be a string, not 1");
  }

  @Test
  void theErrorOfSomethingReadBeforeItsKindNamesItsOwnPlace() {
    String yaml =
        """
        apiVersion: v1
        items:
        - spec:
            ports:
            - port: abc
        kind: ServiceList
        """;

    assertThat(Decoded.errorOfYaml(yaml))
        .isEqualTo("5:13: items[0].spec.ports[0].port: must be a whole number, not abc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {a: b}                                        | 1:1: kind: must be there
          {kind: Service, metadata: {name: a}}          | 1:1: apiVersion: must be there
          {kind: Service, apiVersion: v1}               | 1:1: metadata.name: must be there
          {kind: ServiceList, apiVersion: v1, items: [{}]} | 1:45: items[0].metadata.name: must be there
          {kind: List, apiVersion: v1, items: [{}]}     | 1:38: items[0].kind: must be there
          {items: [{}], kind: List, apiVersion: v1}     | 1:10: items[0].kind: must be there
          {kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {name: a}} | 1:1: addressType: must be there
          just text                                     | 1:1: : must be a Kubernetes object, not just text
          [1]                                           | 1:1: : must be a Kubernetes object
          """)
  void missing(String yaml, String error) {
    assertThat(Decoded.errorOfYaml(yaml)).isEqualTo(error);
  }

  @Test
  void controlCharactersDoNotGetIntoMessages() {
    assertThat(Decoded.errorOfYaml(SERVICE + "spec: {type: \"a\\nb\\e\"}"))
        .endsWith("not a\\u000ab\\u001b");
  }

  @Test
  void jsonIsInUtf8WithOrWithoutAMark() throws MalformedInput {
    String json = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}";

    assertThat(Decoded.ofJson(("\ufeff" + json).getBytes(UTF_8)).skipped()).containsExactly("Pod");
    assertThatThrownBy(() -> Decoded.ofJson(json.getBytes(UTF_16)))
        .isInstanceOf(MalformedInput.class);
  }

  @Test
  void oneCanReadOnBehindWhatNestsTooDeep() throws MalformedInput {
    String deep = "[".repeat(300) + "{\"a\":1}" + "]".repeat(300);
    byte[] text = ("{\"deep\":" + deep + ",\"b\":2}").getBytes(UTF_8);
    TokenReader in = new JsonTokenReader(text, 0, text.length);

    assertThatThrownBy(
            () -> {
              while (in.next() != TokenReader.Token.END) {}
            })
        .isInstanceOf(MalformedInput.class);
    in.leave(1);

    assertThat(in.depth()).isEqualTo(1);
    assertThat(in.next()).isEqualTo(TokenReader.Token.KEY);
    assertThat(in.text()).isEqualTo("b");
    assertThat(in.path()).isEqualTo("b");
  }

  @Test
  void nestingHasALimitInBothFormats() {
    String deep = "[".repeat(100_000);

    assertThat(Decoded.errorOfYaml(deep)).contains("must be a Kubernetes object");
    String within = "{kind: X, apiVersion: x, a: " + deep;
    assertThat(Decoded.errorOfYaml(within)).contains("nests deeper than 256");
    assertThat(Decoded.errorOfJson("{\"kind\": \"X\", \"a\": " + deep)).contains("nest");
    assertThat(Decoded.errorOfJson("{\"a\": " + deep)).contains("nests deeper than 256");
  }
}
