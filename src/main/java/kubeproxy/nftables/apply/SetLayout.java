package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.util.List;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.NamedSet;

/// How our sets are declared to the kernel.
final class SetLayout {
  /// The `nft` tool packs the types of a concatenation into one number, six bits each.
  private static final int TYPE_BITS = 6;

  private SetLayout() {}

  /// `NFT_SET_…` flags.
  static int flags(NamedSet set) {
    int flags = set.valueKind() == NamedSet.ValueKind.NONE ? 0 : NFT_SET_MAP;
    if (set.isLearned()) {
      flags |= NFT_SET_TIMEOUT | NFT_SET_EVAL;
    }
    if (set.hasRanges()) {
      flags |= NFT_SET_INTERVAL | NFT_SET_CONCAT;
    }
    return flags;
  }

  /// The type number of a concatenation.
  static int type(List<FieldType> fields, IpFamily family) {
    int type = 0;
    for (FieldType field : fields) {
      type = type << TYPE_BITS | field.number(family);
    }
    return type;
  }
}
