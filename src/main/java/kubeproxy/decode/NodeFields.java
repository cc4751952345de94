package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Label;
import kubeproxy.model.Node;
import kubeproxy.model.ObjectKey;

/// core/v1 Node.
final class NodeFields extends ObjectFields {
  private final List<IpAddress> internalAddresses = new ArrayList<>();
  private final List<IpAddress> externalAddresses = new ArrayList<>();
  private final List<IpPrefix> podCidrs = new ArrayList<>();
  private final List<IpPrefix> singlePodCidr = new ArrayList<>();
  private final List<String> taintKeys = new ArrayList<>();

  NodeFields(Interner interner) {
    super(ResourceType.NODE, interner);
  }

  @Override
  void readOwn(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "spec" -> Expect.fields(in, field -> readSpec(field, in));
      case "status" -> Expect.fields(in, field -> readStatus(field, in));
      default -> in.skip();
    }
  }

  private void readSpec(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "podCIDRs" -> addPrefixes(in, podCidrs);
      case "podCIDR" -> {
        IpPrefix prefix = prefix(Expect.text(in), in.field());
        if (prefix != null) {
          singlePodCidr.add(prefix);
        }
      }
      case "taints" -> Expect.items(in, () -> Expect.fields(in, field -> readTaint(field, in)));
      default -> in.skip();
    }
  }

  private void readTaint(String key, TokenReader in) throws MalformedInput {
    if (key.equals("key")) {
      taintKeys.add(Expect.text(in));
    } else {
      in.skip();
    }
  }

  private void readStatus(String key, TokenReader in) throws MalformedInput {
    if (key.equals("addresses")) {
      Expect.items(in, () -> readAddress(in));
    } else {
      in.skip();
    }
  }

  private void readAddress(TokenReader in) throws MalformedInput {
    // Host names stand in the same list, so a text is an address only by its type.
    String[] typeAndText = {"", ""};
    Expect.fields(
        in,
        key -> {
          switch (key) {
            case "type" -> typeAndText[0] = Expect.text(in);
            case "address" -> typeAndText[1] = Expect.text(in);
            default -> in.skip();
          }
        });
    switch (typeAndText[0]) {
      case "InternalIP" -> addAddress(internalAddresses, typeAndText[1], in);
      case "ExternalIP" -> addAddress(externalAddresses, typeAndText[1], in);
      default -> {}
    }
  }

  private void addAddress(List<IpAddress> addresses, String text, TokenReader in) {
    IpAddress address = address(text, in, ".address");
    if (address != null) {
      addresses.add(address);
    }
  }

  @Override
  void emit(ObjectSink sink) {
    ObjectKey key = metadata.clusterKey();
    List<IpAddress> addresses = new ArrayList<>(internalAddresses);
    addresses.addAll(externalAddresses);
    sink.object(
        new Node(
            key,
            Label.find(metadata.labels, Label.ZONE).orElse(null),
            addresses,
            podCidrs.isEmpty() ? singlePodCidr : podCidrs,
            metadata.deleting,
            taintKeys,
            metadata.labels.stream().sorted().toList(),
            problemsOf(key)));
  }
}
