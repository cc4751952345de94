package kubeproxy.kernel.ipset;

import kubeproxy.kernel.netlink.Netlink;

/// Numbers of `linux/netfilter/ipset/ip_set.h`, spelled as there.
final class Ipset {

  /// The oldest that every kernel in use still speaks; later ones add questions not asked here.
  static final int IPSET_PROTOCOL = 6;

  static final int IPSET_CMD_PROTOCOL = 1;
  static final int IPSET_CMD_CREATE = 2;
  static final int IPSET_CMD_DESTROY = 3;
  static final int IPSET_CMD_FLUSH = 4;
  static final int IPSET_CMD_RENAME = 5;
  static final int IPSET_CMD_SWAP = 6;
  static final int IPSET_CMD_LIST = 7;
  static final int IPSET_CMD_ADD = 9;
  static final int IPSET_CMD_DEL = 10;

  static final int IPSET_ATTR_PROTOCOL = 1;
  static final int IPSET_ATTR_SETNAME = 2;
  static final int IPSET_ATTR_TYPENAME = 3;
  static final int IPSET_ATTR_SETNAME2 = 3;
  static final int IPSET_ATTR_REVISION = 4;
  static final int IPSET_ATTR_FAMILY = 5;
  static final int IPSET_ATTR_DATA = 7;
  static final int IPSET_ATTR_ADT = 8;
  static final int IPSET_ATTR_PROTOCOL_MIN = 10;

  static final int IPSET_ATTR_IP = 1;
  static final int IPSET_ATTR_IP_TO = 2;
  static final int IPSET_ATTR_CIDR = 3;
  static final int IPSET_ATTR_PORT = 4;
  static final int IPSET_ATTR_PORT_TO = 5;
  static final int IPSET_ATTR_TIMEOUT = 6;
  static final int IPSET_ATTR_PROTO = 7;
  static final int IPSET_ATTR_CADT_FLAGS = 8;
  static final int IPSET_ATTR_MAXELEM = 19;
  static final int IPSET_ATTR_NETMASK = 20;
  static final int IPSET_ATTR_IP2 = 20;
  static final int IPSET_ATTR_CIDR2 = 21;
  static final int IPSET_ATTR_HASHSIZE = 18;
  static final int IPSET_ATTR_REFERENCES = 25;

  static final int IPSET_ATTR_IPADDR_IPV4 = 1;
  static final int IPSET_ATTR_IPADDR_IPV6 = 2;

  /// Numbers are marked as big-endian, or the kernel refuses them.
  static final int BIG = Netlink.NLA_F_NET_BYTEORDER;

  private Ipset() {}
}
