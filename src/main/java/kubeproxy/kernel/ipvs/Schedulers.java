package kubeproxy.kernel.ipvs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Ways in which the kernel can choose a destination. Those of other names may exist as well: only
/// the kernel knows ([IpvsTable#offers]).
public final class Schedulers {

  /// Those of Linux itself.
  public static final List<String> KNOWN =
      List.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
          "twos");

  private Schedulers() {}

  /// Those of [#KNOWN] that the kernel has, for messages to people. It loads their modules if it
  /// may, so this is for when the one that was wanted is not there.
  public static List<String> offered(IpvsTable table) throws IOException {
    List<String> offered = new ArrayList<>();
    for (String scheduler : KNOWN) {
      if (table.offers(scheduler)) {
        offered.add(scheduler);
      }
    }
    return offered;
  }
}
