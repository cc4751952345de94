package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.Kind;
import kubeproxy.model.ObjectId;
import kubeproxy.testing.Objects;
import kubeproxy.testing.SliceBuilder;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.Fault;
import kubeproxy.testing.api.ModelTree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random changes under random faults; when both have ended, what was handed on is what the server
/// holds, and nothing was handed on in vain.
class WatchSimulationTest {
  private static final int STEPS = 250;
  private static final int NAMES = 12;

  static LongStream seeds() {
    Long seed = Long.getLong("simulation.seed");
    int runs = Integer.getInteger("simulation.runs", 4);
    return seed == null
        ? LongStream.range(0, runs).map(i -> System.nanoTime() + i)
        : LongStream.of(seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void endsWithWhatTheServerHolds(long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    WatchPacing pacing =
        Follower.impatient().withPageLimit(4).withWatchAtLeast(Duration.ofSeconds(1));
    boolean json = random.nextBoolean();
    boolean listing = random.nextBoolean();
    boolean orderly = random.nextBoolean();
    try (Follower follower =
        new Follower(options -> {
          ClusterOptions paced = options.withPacing(pacing);
          ClusterOptions encoded = json ? Follower.json(paced) : paced;
          return listing ? Follower.listing(encoded) : encoded;
        })) {
      follower.server.faults().decide(call -> fault(random, orderly, call));
      follower.start();
      for (int step = 0; step < STEPS; step++) {
        change(random, follower);
      }
      follower.server.faults().clear();
      follower.store.put(ModelTree.of(END_SERVICE));
      follower.store.put(ModelTree.of(END_SLICE));
      follower.awaitSynced();
      follower.awaitHas(ObjectId.of(END_SERVICE));
      follower.awaitHas(ObjectId.of(END_SLICE));

      // Where events come in the wrong order, the last one does not mean that all have come.
      Set<ObjectId> held = held(follower);
      follower.await(
          "what the server holds, seed " + seed,
          () ->
              follower.objects().keySet().equals(held)
                  && follower.objects().entrySet().containsAll(written.entrySet()));
      assertNothingInVain(follower, orderly, seed);
    }
  }

  private static final ClusterObject END_SERVICE = Follower.service("end", 1);
  private static final ClusterObject END_SLICE = Objects.slice("ns/end").port("", 1).build();

  /// The newest state of each object, as it was put into the store.
  private final Map<ObjectId, ClusterObject> written = new HashMap<>();

  /// Makes each version different from all before.
  private int number;

  private static synchronized Optional<Fault> fault(Random random, boolean orderly, ApiCall call) {
    if (!call.isWatch() && !call.isList()) {
      return Optional.empty();
    }
    Fault fault =
        switch (random.nextInt(orderly ? 2 : 0, 20)) {
          case 8 -> new Fault.Cut(random.nextInt(2000));
          case 10 -> new Fault.Stall(random.nextInt(2000));
          case 2 -> new Fault.Drop();
          case 3 -> new Fault.Refusal(500, "InternalError", "no", 0);
          case 4 -> new Fault.Refusal(429, "TooManyRequests", "busy", 0);
          case 5 -> new Fault.Refusal(410, "Expired", "too old", 0);
          case 6 -> new Fault.Garbage("{\"kind\":\"What\"}");
          case 7 -> new Fault.Duplicate();
          case 0 -> new Fault.Reorder();
          case 9 -> new Fault.Slow(1 + random.nextInt(200), Duration.ofMillis(1));
          case 1 -> new Fault.Refusal(504, "Timeout", "Too large resource version: 1", 0);
          case 11 -> new Fault.Garbage("");
          default -> null;
        };
    return Optional.ofNullable(fault);
  }

  private void change(Random random, Follower follower) throws IOException, InterruptedException {
    String name = "web-" + random.nextInt(NAMES);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> put(follower, Follower.service(name, ++number));
      case 4, 5, 6, 7 -> {
        SliceBuilder slice = Objects.slice("ns/" + name).port("http", ++number);
        for (int i = random.nextInt(5); i > 0; i--) {
          slice.endpoints("10.1." + random.nextInt(200) + "." + i);
        }
        put(follower, slice.build());
      }
      case 8 -> delete(follower, ApiKind.SERVICE, Kind.SERVICE, name);
      case 9 -> delete(follower, ApiKind.ENDPOINT_SLICE, Kind.ENDPOINT_SLICE, name + "-slice");
      case 10 -> {
        if (random.nextInt(5) == 0) {
          follower.store.compact();
        }
        if (random.nextInt(5) == 0) {
          follower.api.expirePages();
        }
      }
      default -> {
        if (random.nextInt(8) == 0) {
          follower.server.stopListening();
          TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
          follower.server.listenAgain();
        } else if (random.nextInt(3) == 0) {
          follower.server.cutAll();
        }
      }
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(6));
  }

  private void put(Follower follower, ClusterObject object) {
    follower.store.put(ModelTree.of(object));
    written.put(ObjectId.of(object), object);
  }

  private void delete(Follower follower, ApiKind apiKind, Kind kind, String name) {
    follower.store.delete(apiKind, "ns/" + name);
    written.remove(new ObjectId(kind, Objects.key("ns/" + name)));
  }

  private static Set<ObjectId> held(Follower follower) {
    return Stream.concat(
            follower.store.keys(ApiKind.SERVICE).stream()
                .map(key -> new ObjectId(Kind.SERVICE, Objects.key(key))),
            follower.store.keys(ApiKind.ENDPOINT_SLICE).stream()
                .map(key -> new ObjectId(Kind.ENDPOINT_SLICE, Objects.key(key))))
        .collect(Collectors.toSet());
  }

  /// Every version has content of its own here, so what is given twice is given in vain.
  ///
  /// @param orderly whether versions never went back; after that everything is given again
  private static void assertNothingInVain(Follower follower, boolean orderly, long seed) {
    Map<ObjectId, ClusterObject> objects = new HashMap<>();
    follower
        .deltas()
        .forEach(delta -> {
          assertThat(delta.changes()).as("seed %d", seed).isNotEmpty();
          delta
              .changes()
              .forEach((id, object) -> {
                Optional<ClusterObject> before = Optional.ofNullable(objects.get(id));
                if (orderly || object.isEmpty()) {
                  assertThat(object).as("seed %d", seed).isNotEqualTo(before);
                }
                object.ifPresentOrElse(
                    present -> objects.put(id, present), () -> objects.remove(id));
              });
        });
  }
}
