package kubeproxy.model;

import static kubeproxy.testing.Objects.key;
import static kubeproxy.testing.Objects.node;
import static kubeproxy.testing.Objects.service;
import static kubeproxy.testing.Objects.serviceCidr;
import static kubeproxy.testing.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Folding changes into a snapshot.
class ClusterSnapshotTest {
  private static final ObjectKey A = key("ns/a");
  private static final ObjectKey B = key("ns/b");

  private static ClusterSnapshot.Step put(ClusterSnapshot snapshot, ClusterObject... objects) {
    return snapshot.apply(ClusterDelta.ofPut(List.of(objects)));
  }

  private static ClusterSnapshot.Step remove(ClusterSnapshot snapshot, ClusterObject object) {
    return snapshot.apply(ClusterDelta.ofRemoved(List.of(ObjectId.of(object))));
  }

  @Test
  void objectsComeAndGo() {
    ClusterSnapshot.Step step =
        put(
            ClusterSnapshot.EMPTY,
            service("ns/a").build(),
            slice("ns/b").build(),
            node("n").build(),
            serviceCidr("c", "172.30.0.0/16"));
    assertThat(step.change()).isEqualTo(new ClusterChange(Set.of(A, B), true, true));
    assertThat(step.snapshot().node("n")).isNotNull();
    assertThat(step.snapshot().slicesOf(B)).hasSize(1);
    assertThat(step.snapshot().slicesOf(A)).isEmpty();

    ClusterSnapshot.Step gone = remove(step.snapshot(), service("ns/a").build());
    assertThat(gone.change()).isEqualTo(new ClusterChange(Set.of(A), false, false));
    assertThat(gone.snapshot().services().size()).isZero();
    assertThat(step.snapshot().services().size()).isEqualTo(1);
  }

  @Test
  void whatIsKnownIsNoChange() {
    ClusterSnapshot snapshot =
        put(ClusterSnapshot.EMPTY, service("ns/a").build(), slice("ns/a").build()).snapshot();
    ClusterSnapshot.Step again = put(snapshot, service("ns/a").build(), slice("ns/a").build());
    assertThat(again.snapshot()).isSameAs(snapshot);
    assertThat(again.change().isEmpty()).isTrue();
    assertThat(remove(snapshot, node("absent").build()).snapshot()).isSameAs(snapshot);
    assertThat(remove(snapshot, slice("ns/absent").build()).snapshot()).isSameAs(snapshot);
  }

  @Test
  void aSliceMayMoveToAnotherService() {
    ClusterSnapshot snapshot =
        put(ClusterSnapshot.EMPTY, slice("ns/a", "s").endpoints("10.0.0.1").build()).snapshot();
    ClusterSnapshot.Step moved = put(snapshot, slice("ns/b", "s").build());
    assertThat(moved.change().services()).isEqualTo(Set.of(A, B));
    assertThat(moved.snapshot().slicesOf(A)).isEmpty();
    assertThat(moved.snapshot().slicesOf(B)).containsExactly(slice("ns/b", "s").build());
    assertThat(moved.snapshot().slicesByService().size()).isEqualTo(1);
  }

  @Test
  void twoSlicesMayChangePlaces() {
    ClusterSnapshot snapshot =
        put(ClusterSnapshot.EMPTY, slice("ns/a", "s").build(), slice("ns/b", "t").build())
            .snapshot();
    ClusterSnapshot swapped =
        put(snapshot, slice("ns/b", "s").build(), slice("ns/a", "t").build()).snapshot();
    assertThat(swapped.slicesOf(A)).containsExactly(slice("ns/a", "t").build());
    assertThat(swapped.slicesOf(B)).containsExactly(slice("ns/b", "s").build());
  }

  @Test
  void slicesAreSortedByTheirKey() {
    ClusterSnapshot snapshot =
        put(ClusterSnapshot.EMPTY, slice("ns/a", "c").build(), slice("ns/a", "a").build())
            .snapshot();
    snapshot = put(snapshot, slice("ns/a", "b").build()).snapshot();
    assertThat(snapshot.slicesOf(A))
        .extracting(slice -> slice.key().name())
        .containsExactly("a", "b", "c");
  }

  @Test
  void theRevisionGrowsWithChangesOnly() {
    ClusterSnapshot first = put(ClusterSnapshot.EMPTY, service("ns/a").build()).snapshot();
    assertThat(first.revision()).isEqualTo(1);
    assertThat(put(first, service("ns/a").build()).snapshot().revision()).isEqualTo(1);
    assertThat(put(first, service("ns/b").build()).snapshot().revision()).isEqualTo(2);
  }

  static LongStream seeds() {
    Long seed = Long.getLong("kubeproxy.seed");
    return seed != null ? LongStream.of(seed) : LongStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allBatchingsAgree(long seed) {
    Random random = new Random(seed);
    List<ClusterDelta> deltas = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      deltas.add(delta(random));
    }
    ClusterSnapshot expected = inBatches(deltas, -1);
    for (int cuts = 0; cuts < 1 << (deltas.size() - 1); cuts++) {
      ClusterSnapshot snapshot = inBatches(deltas, cuts);
      assertThat(snapshot.services()).isEqualTo(expected.services());
      assertThat(snapshot.slices()).isEqualTo(expected.slices());
      assertThat(snapshot.slicesByService()).isEqualTo(expected.slicesByService());
    }
    List<EndpointSlice> grouped = new ArrayList<>();
    expected
        .slicesByService()
        .forEach((service, slices) -> {
          assertThat(slices).isNotEmpty().allMatch(slice -> slice.service().equals(service));
          grouped.addAll(slices);
        });
    List<EndpointSlice> all = new ArrayList<>();
    expected.slices().forEach((_, slice) -> all.add(slice));
    assertThat(grouped).containsExactlyInAnyOrderElementsOf(all);
  }

  private static ClusterDelta delta(Random random) {
    List<ClusterObject> objects = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String service = "ns/" + (char) ('a' + random.nextInt(3));
      objects.add(
          random.nextInt(3) == 0
              ? service(service).created(random.nextInt(2)).build()
              : slice(service, "s" + random.nextInt(4)).endpoints("10.0.0.1").build());
    }
    return random.nextInt(3) == 0
        ? ClusterDelta.ofRemoved(objects.stream().map(ObjectId::of).toList())
        : ClusterDelta.ofPut(objects);
  }

  /// @param cuts bit i says whether deltas i and i + 1 are applied one after the other
  private static ClusterSnapshot inBatches(List<ClusterDelta> deltas, int cuts) {
    ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    ClusterDelta batch = ClusterDelta.NONE;
    for (int i = 0; i < deltas.size(); i++) {
      batch = batch.then(deltas.get(i));
      if (i == deltas.size() - 1 || (cuts >> i & 1) == 1) {
        ClusterSnapshot.Step step = snapshot.apply(batch);
        assertThat(step.change().isEmpty())
            .isEqualTo(step.snapshot().revision() == snapshot.revision());
        snapshot = step.snapshot();
        batch = ClusterDelta.NONE;
      }
    }
    return snapshot;
  }
}
