package kubeproxy.testing.scenario;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON merge patch (RFC 7386): mappings are merged, null removes, everything else replaces.
final class MergePatch {

  private MergePatch() {}

  static @Nullable Object apply(@Nullable Object target, @Nullable Object patch) {
    if (!(patch instanceof Map<?, ?> changes)) {
      return patch;
    }
    var merged = new LinkedHashMap<String, @Nullable Object>();
    if (target instanceof Map<?, ?> original) {
      original.forEach((key, value) -> merged.put((String) key, value));
    }
    changes.forEach((key, value) -> {
      if (value == null) {
        merged.remove((String) key);
      } else {
        merged.put((String) key, apply(merged.get((String) key), value));
      }
    });
    return merged;
  }
}
