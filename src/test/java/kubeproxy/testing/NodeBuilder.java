package kubeproxy.testing;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Label;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// Builds a Node; see [Objects#node].
public final class NodeBuilder {
  private final ObjectKey key;
  private @Nullable String zone;
  private final List<IpAddress> addresses = new ArrayList<>();
  private final List<IpPrefix> podCidrs = new ArrayList<>();
  private final List<String> taintKeys = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private boolean deleting;

  NodeBuilder(String name) {
    this.key = new ObjectKey("", name);
  }

  /// Sets its zone.
  public NodeBuilder zone(String zone) {
    this.zone = zone;
    return label(Label.ZONE, zone);
  }

  /// Adds a label.
  public NodeBuilder label(String name, String value) {
    labels.add(new Label(name, value));
    return this;
  }

  /// Adds addresses, internal ones first.
  public NodeBuilder addresses(String... texts) {
    List.of(texts).forEach(text -> addresses.add(IpAddress.of(text)));
    return this;
  }

  /// Adds pod CIDRs.
  public NodeBuilder podCidrs(String... cidrs) {
    podCidrs.addAll(Objects.prefixes(cidrs));
    return this;
  }

  /// Adds a taint.
  public NodeBuilder taint(String key) {
    taintKeys.add(key);
    return this;
  }

  /// Gives it a deletion timestamp.
  public NodeBuilder deleting() {
    deleting = true;
    return this;
  }

  /// The Node.
  public Node build() {
    return new Node(key, zone, addresses, podCidrs, deleting, taintKeys, labels, List.of());
  }
}
