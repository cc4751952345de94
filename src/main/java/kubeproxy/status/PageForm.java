package kubeproxy.status;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The form in which a page about the process is wanted: text for people, or an object of the group
/// `config.k8s.io` for programs (KEP-4827, KEP-4828).
///
/// An object is had by naming it whole in `Accept`, as
/// `application/json;g=config.k8s.io;v=v1beta1;as=Flagz`; JSON of nothing in particular is refused.
///
/// @param mediaType that of the answer
/// @param version of the object, as `v1beta1`; empty for text
record PageForm(String mediaType, Optional<String> version) {
  private static final String GROUP = "config.k8s.io";
  private static final Set<String> VERSIONS = Set.of("v1alpha1", "v1beta1");
  private static final Set<String> TEXTS = Set.of("text/plain", "text/*", "*/*");
  private static final Set<String> OBJECTS = Set.of("application/json", "application/yaml");
  private static final PageForm TEXT = new PageForm("text/plain", Optional.empty());

  /// The form that the client likes best of those there are; empty if it takes none of them.
  ///
  /// @param accept all headers of that name
  /// @param kind of the object, as `Flagz`
  static Optional<PageForm> wanted(List<String> accept, String kind) {
    String ranges = String.join(",", accept);
    if (ranges.isBlank()) {
      return Optional.of(TEXT);
    }
    return List.of(ranges.split(",")).stream()
        .map(Range::of)
        .filter(range -> range.weight() > 0)
        .sorted(Comparator.comparingDouble(Range::weight).reversed())
        .flatMap(range -> range.form(kind).stream())
        .findFirst();
  }

  /// The group and version of the object.
  ///
  /// @throws java.util.NoSuchElementException if text is wanted
  String apiVersion() {
    return GROUP + "/" + version.orElseThrow();
  }

  /// One element of the header (RFC 9110, 12.5.1).
  ///
  /// @param type in lower case
  /// @param parameters without the weight; names in lower case
  private record Range(String type, Map<String, String> parameters, double weight) {

    static Range of(String element) {
      String[] parts = element.split(";");
      Map<String, String> parameters = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        String[] pair = parts[i].split("=", 2);
        parameters.put(pair[0].strip().toLowerCase(Locale.ROOT), pair[pair.length - 1].strip());
      }
      String type = parts.length == 0 ? "" : parts[0].strip().toLowerCase(Locale.ROOT);
      String weight = parameters.remove("q");
      return new Range(type, parameters, weight == null ? 1 : number(weight));
    }

    private static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException _) {
        return 0;
      }
    }

    Optional<PageForm> form(String kind) {
      if (TEXTS.contains(type)) {
        boolean asItIs =
            parameters.isEmpty()
                || parameters.equals(Map.of("charset", "utf-8"))
                || parameters.equals(Map.of("charset", "UTF-8"));
        return asItIs ? Optional.of(TEXT) : Optional.empty();
      }
      String version = parameters.getOrDefault("v", "");
      boolean named =
          GROUP.equals(parameters.get("g"))
              && VERSIONS.contains(version)
              && kind.equals(parameters.get("as"));
      return named && OBJECTS.contains(type)
          ? Optional.of(new PageForm(type, Optional.of(version)))
          : Optional.empty();
    }
  }
}
