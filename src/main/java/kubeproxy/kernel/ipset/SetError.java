package kubeproxy.kernel.ipset;

import java.util.Optional;
import kubeproxy.kernel.netlink.NetlinkError;

/// Errors that only this subsystem has (`enum ipset_errno`), in the place of error numbers.
public enum SetError {
  PROTOCOL(4097, "protocol error"),
  FIND_TYPE(4098, "no such type of set in this kernel"),
  MAX_SETS(4099, "there are too many sets"),
  BUSY(4100, "the set is in use"),
  NEW_NAME_EXISTS(4101, "there is a set of the new name, or no second set to swap with"),
  TYPE_MISMATCH(4102, "the sets have different types"),
  EXISTS(4103, "the entry is there already, or is not there"),
  INVALID_CIDR(4104, "invalid length of a prefix"),
  INVALID_NETMASK(4105, "invalid netmask"),
  INVALID_FAMILY(4106, "the set is of another family"),
  TIMEOUT(4107, "the set has no timeouts"),
  REFERENCED(4108, "something refers to the set"),
  IPADDR_IPV4(4109, "an IPv4 address is wanted"),
  IPADDR_IPV6(4110, "an IPv6 address is wanted"),
  /// Of hash types: the set is full. Of bitmaps: out of the set's range.
  FULL(4352, "the set is full, or the entry out of its range"),
  NULL_ELEMENT(4353, "this value cannot be stored"),
  INVALID_PROTO(4354, "invalid protocol"),
  MISSING_PROTO(4355, "the protocol is missing");

  private final int number;
  private final String text;

  SetError(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /// The error of the subsystem that the kernel answered with; empty for an error number of the
  /// usual kind, and for one not known here.
  public static Optional<SetError> of(NetlinkError error) {
    for (SetError known : values()) {
      if (known.number == error.errno()) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /// What the kernel's answer means, for people.
  public static String describe(NetlinkError error) {
    return of(error).map(known -> known.text).orElseGet(error::toString);
  }

  /// What it means, for people.
  public String text() {
    return text;
  }
}
