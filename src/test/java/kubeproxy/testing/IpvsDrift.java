package kubeproxy.testing;

import java.util.List;
import java.util.Random;
import kubeproxy.iptables.program.Table;
import kubeproxy.ipvs.program.IpSet;
import kubeproxy.ipvs.program.Scheduling;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;

/// What other programs and people may do to virtual servers, sets and chains of ours.
public final class IpvsDrift {

  private IpvsDrift() {}

  /// Does something.
  ///
  /// @return what, for the message of a failing test
  public static String apply(FakeIpvs kernel, FakeIptables iptables, Random random) {
    List<ServerKey> keys = List.copyOf(kernel.keys());
    ServerKey key = keys.isEmpty() ? null : any(keys, random);
    return switch (random.nextInt(9)) {
      case 0 -> {
        kernel.loseLink();
        yield "interface gone";
      }
      case 1 -> {
        IpSet set = any(List.of(IpSet.values()), random);
        // without these and its address a process just started cannot know whose a server is
        if (set != IpSet.SERVERS) {
          kernel.entries(set).removeIf(_ -> random.nextBoolean());
        }
        yield "entries gone";
      }
      case 2 -> {
        IpAddress address = IpAddress.of(random.nextBoolean() ? "198.51.100.1" : "2001:db8:99::1");
        kernel
            .entries(IpSet.BOUND)
            .add(new SetEntry(IpSet.BOUND, new SetEntry.Element.Address(address)));
        yield "an entry more";
      }
      case 3 -> {
        iptables.rules(Table.NAT, "PREROUTING").clear();
        yield "no way into our chains";
      }
      case 4 -> {
        iptables.chains(Table.FILTER).values().forEach(List::clear);
        yield "filter flushed";
      }
      case 5 -> {
        kernel.bound().removeIf(_ -> random.nextBoolean());
        yield "addresses gone";
      }
      default -> key == null ? "nothing" : server(kernel, key, random);
    };
  }

  private static String server(FakeIpvs kernel, ServerKey key, Random random) {
    List<Backend> backends = kernel.backends(key);
    switch (random.nextInt(4)) {
      case 0 -> kernel.loseServer(key);
      case 1 -> kernel.gainServer(key, Scheduling.of("wrr", random.nextInt(2)));
      case 2 -> backends.forEach(each -> kernel.setReal(key, each, random.nextInt(3), true, 0));
      default -> backends.forEach(each -> kernel.loseReal(key, each));
    }
    return "another " + key;
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
