package kubeproxy.apiwatch;

import java.util.List;
import kubeproxy.apidecode.ApiResource;

/// Which of the resources of a kind is read. Belongs to the thread of one watch.
final class SourceChoice {
  private final List<ApiResource> resources;
  private int index;
  private int missing;

  /// Whether the present one was listed.
  private boolean proven;

  SourceChoice(List<ApiResource> resources) {
    this.resources = resources;
  }

  ApiResource present() {
    return resources.get(index);
  }

  /// Those that would be better than the present one, the best first.
  List<ApiResource> better() {
    return resources.subList(0, index);
  }

  /// The present one was listed.
  void proven() {
    proven = true;
    missing = 0;
  }

  /// Takes a better one that the server has.
  void take(ApiResource resource) {
    index = resources.indexOf(resource);
    proven = false;
  }

  /// The server lacks the present one: takes the best that may be there, or the next if none had
  /// been. Returns false if it lacks them all; then the search begins anew.
  boolean next() {
    missing++;
    boolean restart = proven && index > 0;
    proven = false;
    if (missing >= resources.size()) {
      missing = 0;
      index = 0;
      return false;
    }
    index = restart ? 0 : (index + 1) % resources.size();
    return true;
  }
}
