package kubeproxy.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.ClusterObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentDecodingTest {

  private static List<String> names(Decoded decoded) {
    return decoded.objects().stream().map(ClusterObject::key).map(Object::toString).toList();
  }

  @Test
  void severalDocumentsSomeOfThemEmptyOrOfOtherKinds() {
    Decoded decoded =
        Decoded.of(
            """
            # nothing here
            ---
            {apiVersion: v1, kind: Service, metadata: {name: a}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: 5
            spec: {ports: [[[]]]}
            ---
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: not-ours}
            spec: 7
            ---
            ---
            {metadata: {name: b}, kind: Node, apiVersion: v1}
            """);

    assertThat(names(decoded)).containsExactly("default/a", "b");
    assertThat(decoded.skipped()).containsExactly("Deployment", "Service");
    assertThat(decoded.documents()).isEqualTo(4);
  }

  @Test
  void nothingAtAll() {
    assertThat(Decoded.of("")).isEqualTo(Decoded.of("# only a comment\n"));
    assertThat(Decoded.of("").documents()).isZero();
  }

  /// Every order of the fields of a slice and of the lists that it can be in.
  @Test
  void fieldsInAnyOrder() {
    List<String> fields =
        List.of(
            "kind: EndpointSlice",
            "apiVersion: discovery.k8s.io/v1",
            "metadata: {name: s, labels: {kubernetes.io/service-name: w}}",
            "endpoints: [{addresses: [10.0.0.1]}]",
            "addressType: IPv4");
    Decoded expected = Decoded.of(String.join("\n", fields));
    assertThat(names(expected)).containsExactly("default/s");

    for (List<String> order : orders(fields)) {
      String slice = "{" + String.join(", ", order) + "}";
      assertThat(Decoded.of(slice)).as(slice).isEqualTo(expected);
      assertThat(Decoded.of("{items: [" + slice + "], apiVersion: v1, kind: List}").objects())
          .as(slice)
          .isEqualTo(expected.objects());
    }
  }

  private static List<List<String>> orders(List<String> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<String>> orders = new ArrayList<>();
    for (String first : items) {
      List<String> others = new ArrayList<>(items);
      others.remove(first);
      for (List<String> rest : orders(others)) {
        List<String> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        orders.add(order);
      }
    }
    return orders;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: ServiceList, apiVersion: v1, metadata: {}, items: [ITEMS]}",
        "{apiVersion: v1, items: [ITEMS], kind: ServiceList}",
        "{items: [ITEMS], metadata: {resourceVersion: '1'}, kind: ServiceList, apiVersion: v1}"
      })
  void itemsOfListsOfOneKindNameNone(String list) {
    String items = "{metadata: {name: a}}, {spec: {ports: [{port: 1}]}, metadata: {name: b}}";

    assertThat(names(Decoded.of(list.replace("ITEMS", items))))
        .containsExactly("default/a", "default/b");
  }

  @Test
  void sortedListOfSlices() {
    Decoded decoded =
        Decoded.of(
            """
            apiVersion: discovery.k8s.io/v1
            items:
            - addressType: IPv4
              endpoints: [{addresses: [10.0.0.1]}]
              metadata: {name: s, labels: {kubernetes.io/service-name: w}}
            kind: EndpointSliceList
            """);

    assertThat(names(decoded)).containsExactly("default/s");
  }

  @Test
  void listsOfEveryKindAndListsInLists() {
    Decoded decoded =
        Decoded.of(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: NodeList, items: [{metadata: {name: n}}]}
            - apiVersion: networking.k8s.io/v1
              kind: ServiceCIDRList
              items: [{metadata: {name: c}}]
            - {apiVersion: v1, kind: EndpointsList, items: [{metadata: {name: e}, subsets: []}]}
            - {apiVersion: v1, kind: PodList, items: [{metadata: {name: p}}]}
            - {apiVersion: v1, kind: Secret, metadata: {name: s}}
            - {apiVersion: v1, kind: Service, metadata: {name: s}}
            """);

    assertThat(names(decoded)).containsExactly("n", "c", "default/s");
    assertThat(decoded.skipped()).containsExactly("PodList", "Secret");
  }

  @ParameterizedTest
  @CsvSource({"80,true", "'\"80\"',false", "0x50,true", "0o120,true", "+80,true", "8e1,false"})
  void numbersOfTheCoreSchema(String written, boolean good) {
    String text =
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: N}]}}";
    String yaml = text.replace("N", written);
    if (good) {
      assertThat(names(Decoded.of(yaml))).containsExactly("default/a");
    } else {
      assertThat(Decoded.errorOfYaml(yaml)).contains("spec.ports[0].port: must be a whole number");
    }
  }
}
