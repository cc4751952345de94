package kubeproxy.testing.api;

import java.util.HashSet;
import java.util.Set;

/// What a version of the API server can do, as far as a client notices.
///
/// @param version as in `1.36`
/// @param served what it serves, as in `discovery.k8s.io/v1/endpointslices`
/// @param watchLists how it answers `sendInitialEvents`
/// @param bookmarks whether watches carry bookmarks
/// @param watchCache whether it answers from memory: a list with `resourceVersion=0` is not paged
/// @param goneByStatus whether a watch from a forgotten version is refused with the HTTP status 410
///     instead of an `ERROR` event
public record Personality(
    String version,
    Set<String> served,
    WatchLists watchLists,
    boolean bookmarks,
    boolean watchCache,
    boolean goneByStatus) {

  /// How a server answers a watch with `sendInitialEvents=true`.
  public enum WatchLists {
    /// It sends the initial state and ends it with a bookmark.
    SERVED,
    /// It refuses the field, because the feature is off.
    REFUSED,
    /// It does not know the field: the initial state comes, but nothing ends it.
    UNKNOWN
  }

  private static final Set<String> CORE = Set.of("v1/services", "v1/endpoints", "v1/nodes");

  public Personality {
    served = Set.copyOf(served);
  }

  /// Version 1.36.
  public static Personality current() {
    return new Personality(
        "1.36",
        with("discovery.k8s.io/v1/endpointslices", "networking.k8s.io/v1/servicecidrs"),
        WatchLists.SERVED,
        true,
        true,
        false);
  }

  /// Version 1.25: EndpointSlices, but no ServiceCIDRs and no initial events.
  public static Personality of125() {
    return new Personality(
        "1.25", with("discovery.k8s.io/v1/endpointslices"), WatchLists.REFUSED, true, true, false);
  }

  /// Version 1.19: EndpointSlices in their beta version.
  public static Personality of119() {
    return new Personality(
        "1.19",
        with("discovery.k8s.io/v1beta1/endpointslices"),
        WatchLists.UNKNOWN,
        true,
        true,
        false);
  }

  /// Version 1.18: EndpointSlices in their beta version, of which some may be missing.
  public static Personality of118() {
    return new Personality(
        "1.18",
        with("discovery.k8s.io/v1beta1/endpointslices"),
        WatchLists.UNKNOWN,
        true,
        true,
        false);
  }

  /// Version 1.17 without EndpointSlices.
  public static Personality of117() {
    return new Personality("1.17", CORE, WatchLists.UNKNOWN, true, true, true);
  }

  private static Set<String> with(String... more) {
    Set<String> all = new HashSet<>(CORE);
    all.addAll(Set.of(more));
    return all;
  }

  /// Whether a kind is served in a version.
  boolean serves(ApiKind kind, String version) {
    return served.contains(kind.groupVersion(version) + "/" + kind.plural());
  }

  /// The same without the cache in memory.
  public Personality withoutWatchCache() {
    return new Personality(version, served, watchLists, bookmarks, false, goneByStatus);
  }

  /// The same, refusing watches from forgotten versions by their status.
  public Personality withGoneByStatus() {
    return new Personality(version, served, watchLists, bookmarks, watchCache, true);
  }

  /// The same with another answer to initial events.
  public Personality withWatchLists(WatchLists answer) {
    return new Personality(version, served, answer, bookmarks, watchCache, goneByStatus);
  }
}
