package kubeproxy.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A label with its value, of a Node or of the place where an endpoint runs.
public record Label(String name, String value) implements Comparable<Label> {
  private static final Comparator<Label> ORDER =
      Comparator.comparing(Label::name).thenComparing(Label::value);

  /// The node that something runs on.
  public static final String HOSTNAME = "kubernetes.io/hostname";

  /// The zone that something is in.
  public static final String ZONE = "topology.kubernetes.io/zone";

  /// The value of the first of these labels with that name.
  public static Optional<String> find(List<Label> labels, String name) {
    for (Label label : labels) {
      if (label.name.equals(name)) {
        return Optional.of(label.value);
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(Label other) {
    return ORDER.compare(this, other);
  }
}
