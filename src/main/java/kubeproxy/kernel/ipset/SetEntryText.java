package kubeproxy.kernel.ipset;

import java.util.Arrays;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;

/// Parts of entries as `ipset` writes them.
final class SetEntryText {

  private SetEntryText() {}

  static String port(int protocol, int port) {
    String name =
        Arrays.stream(Protocol.values())
            .filter(known -> known.number() == protocol)
            .map(Protocol::lowerCase)
            .findFirst()
            .orElseGet(() -> Integer.toString(protocol));
    return name + ":" + port;
  }

  // A single address has no length.
  static String net(IpPrefix net) {
    return net.length() == net.family().bits() ? net.address().toString() : net.toString();
  }
}
