package kubeproxy.ipvs.program;

import java.util.stream.Collectors;
import kubeproxy.model.IpFamily;

/// Fragments as text, in the words of `ipvsadm` and `ipset`, a line each:
///
/// ```text
/// server 172.30.0.41:80/TCP -s rr
///   10.180.0.1:80
/// address 172.30.0.41
/// KUBE-CLUSTER-IP 172.30.0.41,tcp:80
/// ```
public final class FragmentText {

  private FragmentText() {}

  /// Prints a fragment; every line ends in a newline.
  public static String print(IpFamily family, Fragment fragment) {
    StringBuilder text = new StringBuilder();
    for (VirtualServer server : fragment.servers()) {
      text.append("server ").append(server.key()).append(' ').append(server.scheduling());
      text.append(server.nodePort() ? " (node port)\n" : "\n");
      server.backends().forEach(backend -> text.append("  ").append(backend).append('\n'));
    }
    fragment.addresses().forEach(address -> text.append("address ").append(address).append('\n'));
    text.append(
        fragment.entries().stream()
            .map(entry -> entry.set().label(family) + " " + entry.element() + "\n")
            .collect(Collectors.joining()));
    return text.toString();
  }
}
