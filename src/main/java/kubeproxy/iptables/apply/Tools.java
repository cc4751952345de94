package kubeproxy.iptables.apply;

import kubeproxy.model.IpFamily;

/// The programs of one variant for one family.
///
/// @param infix what stands between `iptables` and `-restore` in their names: empty, `-legacy` or
///     `-nft`
/// @param version as `1.8.9`
public record Tools(IpFamily family, Variant variant, String infix, String version) {

  /// `iptables` itself.
  public String iptables() {
    return base(family) + infix;
  }

  /// The one that reads rules.
  public String restore() {
    return iptables() + "-restore";
  }

  /// The one that prints rules.
  public String save() {
    return iptables() + "-save";
  }

  static String base(IpFamily family) {
    return family == IpFamily.IPV4 ? "iptables" : "ip6tables";
  }

  /// As the tools call themselves: `iptables v1.8.9 (nf_tables)`.
  @Override
  public String toString() {
    return iptables() + " v" + version + " (" + variant.text() + ")";
  }
}
