package kubeproxy.manifests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import kubeproxy.model.ClusterDelta;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.EndpointSlice;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;
import kubeproxy.model.Service;
import kubeproxy.model.ServiceCidr;

/// The objects of all files together. Of an object that several files write, that of the first file
/// by name counts and carries a problem that says so.
///
/// The cost of a change is that of the file that changed, not that of all of them.
final class MergedObjects {

  /// What one file says on one object.
  ///
  /// @param repeated whether the file has the object more than once
  private record Claim(Path file, ClusterObject object, boolean repeated) {}

  /// What one file said and says.
  record Replacement(FileContent before, FileContent after) {}

  /// What a change came to.
  record Change(ClusterDelta delta, List<ManifestReport.DuplicateObject> duplicates) {}

  private static final Comparator<Claim> BY_FILE = Comparator.comparing(Claim::file);

  /// The claims on each object, sorted by file.
  private final Map<ObjectId, List<Claim>> claims = new HashMap<>();

  /// Replaces the contents of files, all at once: an object may move from one to another.
  Change replace(SortedMap<Path, Replacement> files) {
    Map<ObjectId, List<Claim>> before = new LinkedHashMap<>();
    files.forEach((file, content) -> withdraw(file, content.before(), before));
    files.forEach((file, content) -> claim(file, content.after(), before));

    Map<ObjectId, Optional<ClusterObject>> changes = new LinkedHashMap<>();
    List<ManifestReport.DuplicateObject> duplicates = new ArrayList<>();
    before.forEach((id, was) -> {
      List<Claim> now = claimsOn(id);
      Optional<ClusterObject> winner = winner(now);
      if (!winner.equals(winner(was))) {
        changes.put(id, winner);
      }
      List<Path> ignored = ignored(now);
      if (!ignored.isEmpty() && !ignored.equals(ignored(was))) {
        Path used = now.getFirst().file;
        duplicates.add(new ManifestReport.DuplicateObject(id, used, ignored));
      }
    });
    duplicates.sort(Comparator.comparing(duplicate -> duplicate.object().toString()));
    return new Change(new ClusterDelta(changes), duplicates);
  }

  private List<Claim> claimsOn(ObjectId id) {
    return claims.getOrDefault(id, List.of());
  }

  private void withdraw(Path file, FileContent content, Map<ObjectId, List<Claim>> before) {
    for (ObjectId id : content.objects().keySet()) {
      List<Claim> known = claimsOn(id);
      before.putIfAbsent(id, known);
      List<Claim> left = known.stream().filter(claim -> !claim.file.equals(file)).toList();
      if (left.isEmpty()) {
        claims.remove(id);
      } else {
        claims.put(id, left);
      }
    }
  }

  private void claim(Path file, FileContent content, Map<ObjectId, List<Claim>> before) {
    content
        .objects()
        .forEach((id, object) -> {
          List<Claim> known = claimsOn(id);
          before.putIfAbsent(id, known);
          Claim claim = new Claim(file, object, content.repeated().contains(id));
          claims.put(id, known.isEmpty() ? List.of(claim) : with(known, claim));
        });
  }

  private static List<Claim> with(List<Claim> known, Claim claim) {
    List<Claim> all = new ArrayList<>(known);
    all.add(claim);
    all.sort(BY_FILE);
    return List.copyOf(all);
  }

  private static List<Path> ignored(List<Claim> claims) {
    List<Path> ignored = new ArrayList<>(0);
    for (int i = 0; i < claims.size(); i++) {
      if (i > 0 || claims.get(i).repeated) {
        ignored.add(claims.get(i).file);
      }
    }
    return ignored;
  }

  private static Optional<ClusterObject> winner(List<Claim> claims) {
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    Claim first = claims.getFirst();
    List<Path> ignored = ignored(claims);
    return Optional.of(ignored.isEmpty() ? first.object : contested(first, ignored));
  }

  private static ClusterObject contested(Claim used, List<Path> ignored) {
    ObjectId id = ObjectId.of(used.object);
    Problem problem =
        new Problem(
            id.kind().apiName(),
            id.key(),
            "metadata.name",
            id.key().name(),
            Problem.Reason.DUPLICATE_OBJECT,
            "is written more than once; the one first in "
                + used.file
                + " is used, not that in "
                + String.join(", ", ignored.stream().map(Path::toString).toList()));
    return with(used.object, problem);
  }

  private static ClusterObject with(ClusterObject object, Problem problem) {
    return switch (object) {
      case Service s ->
          new Service(
              s.key(),
              s.uid(),
              s.createdMillis(),
              s.type(),
              s.headless(),
              s.clusterIp(),
              s.clusterIps(),
              s.ipFamilies(),
              s.ports(),
              s.externalIps(),
              s.loadBalancerIngress(),
              s.loadBalancerSourceRanges(),
              s.internalTrafficPolicy(),
              s.externalTrafficPolicy(),
              s.affinityTimeoutSeconds(),
              s.healthCheckNodePort(),
              s.topologyKeys(),
              s.foreignProxy(),
              with(s.problems(), problem));
      case EndpointSlice s ->
          new EndpointSlice(
              s.key(),
              s.service(),
              s.family(),
              s.legacy(),
              s.ports(),
              s.endpoints(),
              s.triggeredMillis(),
              with(s.problems(), problem));
      case Node n ->
          new Node(
              n.key(),
              n.zone(),
              n.addresses(),
              n.podCidrs(),
              n.deleting(),
              n.taintKeys(),
              n.labels(),
              with(n.problems(), problem));
      case ServiceCidr c -> new ServiceCidr(c.key(), c.cidrs(), with(c.problems(), problem));
    };
  }

  private static List<Problem> with(List<Problem> problems, Problem problem) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(problem);
    return all;
  }
}
