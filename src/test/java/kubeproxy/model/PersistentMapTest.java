package kubeproxy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The map against a TreeMap. Repeat one case with `-Dkubeproxy.seed=N`.
class PersistentMapTest {

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null ? LongStream.of(seed) : LongStream.range(0, 10);
  }

  /// Even seeds use so many keys that shards get long, odd ones so few that they get empty.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void behavesAsATreeMap(long seed) {
    Random random = new Random(seed);
    int keys = seed % 2 == 0 ? 5_000 : 50;
    TreeMap<String, Integer> expected = new TreeMap<>();
    PersistentMap<String, Integer> map = PersistentMap.empty();
    for (int step = 0; step < 60; step++) {
      Map<String, @Nullable Integer> changes = new HashMap<>();
      int count = random.nextInt(keys / 10);
      for (int i = 0; i < count; i++) {
        changes.put(
            "key" + random.nextInt(keys), random.nextInt(3) == 0 ? null : random.nextInt(4));
      }
      PersistentMap<String, Integer> before = map;
      TreeMap<String, Integer> expectedBefore = new TreeMap<>(expected);
      map = map.with(changes);
      fold(expected, changes);
      if (step % 20 == 0) {
        assertSame(map, expected);
        assertSame(before, expectedBefore);
      }
    }
    assertSame(map, expected);
  }

  private static void fold(Map<String, Integer> map, Map<String, @Nullable Integer> changes) {
    changes.forEach((key, value) -> {
      if (value == null) {
        map.remove(key);
      } else {
        map.put(key, value);
      }
    });
  }

  private static void assertSame(
      PersistentMap<String, Integer> map, NavigableMap<String, Integer> expected) {
    assertThat(map.size()).isEqualTo(expected.size());
    assertThat(map.sortedKeys()).isEqualTo(new ArrayList<>(expected.keySet()));
    Map<String, Integer> seen = new HashMap<>();
    map.forEach(seen::put);
    assertThat(seen).isEqualTo(expected);
    expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    assertThat(map.get("absent")).isNull();
    PersistentMap<String, Integer> rebuilt =
        PersistentMap.<String, Integer>empty().with(new TreeMap<>(expected.descendingMap()));
    assertThat(rebuilt).isEqualTo(map).hasSameHashCodeAs(map);
    assertThat(order(rebuilt)).isEqualTo(order(map));
  }

  private static List<String> order(PersistentMap<String, Integer> map) {
    List<String> keys = new ArrayList<>();
    map.forEach((key, _) -> keys.add(key));
    return keys;
  }

  @Test
  void whatChangesNothingGivesTheSameMap() {
    PersistentMap<String, Integer> map =
        PersistentMap.<String, Integer>empty().with(Map.of("a", 1));
    Map<String, @Nullable Integer> nothing = new HashMap<>();
    nothing.put("a", 1);
    nothing.put("absent", null);
    assertThat(map.with(nothing)).isSameAs(map);
    assertThat(map.with(Map.of())).isSameAs(map);
  }

  @Test
  void equalityIsByContent() {
    PersistentMap<String, Integer> one =
        PersistentMap.<String, Integer>empty().with(Map.of("a", 1));
    assertThat(one).isNotEqualTo(PersistentMap.<String, Integer>empty().with(Map.of("a", 2)));
    assertThat(one).isNotEqualTo(PersistentMap.<String, Integer>empty().with(Map.of("b", 1)));
    assertThat(one).isNotEqualTo(PersistentMap.empty());
    assertThat(one.toString()).isEqualTo("{a=1}");
  }
}
