package kubeproxy.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Who claims what. A claim stays in it whether it succeeds or not, so that when an owner goes the
/// next in line takes over. Used by one thread.
final class ClaimIndex {
  // Never iterated: its order would depend on identity hash codes.
  private final Map<Resource, ClaimantSet> claimants = new HashMap<>();
  private int contests;

  /// Whether anything is claimed more than once.
  boolean hasContests() {
    return contests > 0;
  }

  /// Who gets a claimed resource.
  Claimant owner(Resource resource) {
    ClaimantSet set = claimants.get(resource);
    if (set == null) {
      throw new IllegalArgumentException("nobody claims " + resource);
    }
    return set.owner();
  }

  /// Takes new claims in.
  void addAll(List<Claim> claims) {
    claims.forEach(this::add);
  }

  /// Replaces the claims of a Service.
  ///
  /// @param before exactly the claims of it that the index holds
  /// @param affected is told every other Service, and maybe this one, whose plan or problems may be
  ///     different now
  void replace(List<Claim> before, List<Claim> after, Consumer<ObjectKey> affected) {
    if (before.equals(after)) {
      return;
    }
    Set<Claim> kept = new HashSet<>(after);
    kept.retainAll(new HashSet<>(before));
    for (Claim claim : before) {
      if (!kept.contains(claim)) {
        change(claim, this::remove, affected);
      }
    }
    for (Claim claim : after) {
      if (!kept.contains(claim)) {
        change(claim, this::add, affected);
      }
    }
  }

  private void change(Claim claim, Consumer<Claim> operation, Consumer<ObjectKey> affected) {
    Claimant ownerBefore = currentOwner(claim.resource());
    operation.accept(claim);
    Claimant ownerAfter = currentOwner(claim.resource());
    if (ownerBefore == null || ownerAfter == null || ownerBefore.equals(ownerAfter)) {
      return;
    }
    if (claim.resource().isShared()) {
      affected.accept(ownerBefore.port().service());
      affected.accept(ownerAfter.port().service());
    } else {
      // Those who stay without it have a problem that names the owner.
      affected.accept(ownerBefore.port().service());
      forEachClaimant(claim.resource(), one -> affected.accept(one.port().service()));
    }
  }

  private @Nullable Claimant currentOwner(Resource resource) {
    ClaimantSet set = claimants.get(resource);
    return set == null ? null : set.owner();
  }

  private void forEachClaimant(Resource resource, Consumer<Claimant> action) {
    switch (claimants.get(resource)) {
      case null -> {}
      case Claimant only -> action.accept(only);
      case ClaimantSet.Contest(TreeSet<Claimant> all) -> all.forEach(action);
    }
  }

  private void add(Claim claim) {
    claimants.merge(claim.resource(), claim.claimant(), this::joined);
  }

  private ClaimantSet joined(ClaimantSet present, ClaimantSet added) {
    Claimant newcomer = added.owner();
    return switch (present) {
      case Claimant only -> {
        contests++;
        TreeSet<Claimant> both = new TreeSet<>();
        both.add(only);
        both.add(newcomer);
        yield new ClaimantSet.Contest(both);
      }
      case ClaimantSet.Contest contest -> {
        contest.claimants().add(newcomer);
        yield contest;
      }
    };
  }

  private void remove(Claim claim) {
    claimants.computeIfPresent(claim.resource(), (_, set) -> without(set, claim.claimant()));
  }

  private @Nullable ClaimantSet without(ClaimantSet set, Claimant leaving) {
    return switch (set) {
      case Claimant _ -> null;
      case ClaimantSet.Contest contest -> {
        contest.claimants().remove(leaving);
        if (contest.claimants().size() > 1) {
          yield contest;
        }
        contests--;
        yield contest.claimants().first();
      }
    };
  }
}
