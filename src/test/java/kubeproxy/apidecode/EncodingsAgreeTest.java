package kubeproxy.apidecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same objects in either encoding are the same records with the same problems, and the same of
/// them are malformed.
class EncodingsAgreeTest {

  @ParameterizedTest
  @EnumSource(ApiResource.class)
  void onRandomObjects(ApiResource resource) throws IOException {
    long seed = Long.getLong("kubeproxy.seed", System.nanoTime());
    int cases = Integer.getInteger("kubeproxy.cases", 60);
    System.out.println("kubeproxy.seed=" + seed);
    Random random = new Random(seed);
    RandomTrees trees = new RandomTrees(random);
    long items = 0;
    for (int i = 0; i < cases; i++) {
      List<Tree> objects = new ArrayList<>();
      List<byte[]> plain = new ArrayList<>();
      List<byte[]> odd = new ArrayList<>();
      for (int j = 0; j < 20; j++) {
        Tree object = trees.object(resource);
        objects.add(object);
        plain.add(object.protobuf());
        odd.add(object.oddProtobuf(random));
      }
      Answers.Listed json =
          Answers.list(ApiEncoding.JSON, resource, Tree.jsonList(resource, objects));

      assertSame(protobuf(resource, plain), json);
      assertSame(protobuf(resource, odd), json);
      assertThat(json.page().items() + json.page().malformed()).isEqualTo(20);
      items += json.page().items();
    }
    assertThat(items).isGreaterThan(cases);
  }

  private static Answers.Listed protobuf(ApiResource resource, List<byte[]> items)
      throws IOException {
    return Answers.list(ApiEncoding.PROTOBUF, resource, Tree.protobufList(resource, items));
  }

  private static void assertSame(Answers.Listed protobuf, Answers.Listed json) {
    assertThat(protobuf.malformed())
        .extracting(MalformedItem::name)
        .isEqualTo(json.malformed().stream().map(MalformedItem::name).toList());
    for (int i = 0; i < json.items().size(); i++) {
      assertThat(protobuf.items().get(i)).isEqualTo(json.items().get(i));
    }
    assertThat(protobuf.page()).isEqualTo(json.page());
  }
}
