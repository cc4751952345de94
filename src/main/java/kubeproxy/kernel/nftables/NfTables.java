package kubeproxy.kernel.nftables;

/// Numbers of `linux/netfilter/nf_tables.h` and `nf_tables_compat.h`, spelled as there, as far as
/// modes use them.
public final class NfTables {
  public static final int NFT_MSG_NEWTABLE = 0;
  public static final int NFT_MSG_GETTABLE = 1;
  public static final int NFT_MSG_DELTABLE = 2;
  public static final int NFT_MSG_NEWCHAIN = 3;
  public static final int NFT_MSG_GETCHAIN = 4;
  public static final int NFT_MSG_DELCHAIN = 5;
  public static final int NFT_MSG_NEWRULE = 6;
  public static final int NFT_MSG_GETRULE = 7;
  public static final int NFT_MSG_DELRULE = 8;
  public static final int NFT_MSG_NEWSET = 9;
  public static final int NFT_MSG_GETSET = 10;
  public static final int NFT_MSG_DELSET = 11;
  public static final int NFT_MSG_NEWSETELEM = 12;
  public static final int NFT_MSG_GETSETELEM = 13;
  public static final int NFT_MSG_DELSETELEM = 14;
  public static final int NFT_MSG_NEWGEN = 15;
  public static final int NFT_MSG_GETGEN = 16;
  public static final int NFTA_GEN_ID = 1;

  public static final int NFTA_LIST_ELEM = 1;

  public static final int NFTA_TABLE_NAME = 1;
  public static final int NFTA_TABLE_USERDATA = 6;

  public static final int NFTA_CHAIN_TABLE = 1;
  public static final int NFTA_CHAIN_NAME = 3;
  public static final int NFTA_CHAIN_HOOK = 4;
  public static final int NFTA_CHAIN_POLICY = 5;
  public static final int NFTA_CHAIN_TYPE = 7;
  public static final int NFTA_HOOK_HOOKNUM = 1;
  public static final int NFTA_HOOK_PRIORITY = 2;

  public static final int NFTA_RULE_TABLE = 1;
  public static final int NFTA_RULE_CHAIN = 2;
  public static final int NFTA_RULE_EXPRESSIONS = 4;
  public static final int NFTA_RULE_USERDATA = 7;

  public static final int NFTA_SET_TABLE = 1;
  public static final int NFTA_SET_NAME = 2;
  public static final int NFTA_SET_FLAGS = 3;
  public static final int NFTA_SET_KEY_TYPE = 4;
  public static final int NFTA_SET_KEY_LEN = 5;
  public static final int NFTA_SET_DATA_TYPE = 6;
  public static final int NFTA_SET_DATA_LEN = 7;
  public static final int NFTA_SET_DESC = 9;
  public static final int NFTA_SET_ID = 10;
  public static final int NFTA_SET_USERDATA = 13;
  public static final int NFTA_SET_DESC_SIZE = 1;
  public static final int NFTA_SET_DESC_CONCAT = 2;
  public static final int NFTA_SET_FIELD_LEN = 1;
  public static final int NFT_SET_ANONYMOUS = 0x1;
  public static final int NFT_SET_INTERVAL = 0x4;
  public static final int NFT_SET_MAP = 0x8;
  public static final int NFT_SET_TIMEOUT = 0x10;
  public static final int NFT_SET_EVAL = 0x20;
  public static final int NFT_SET_CONCAT = 0x80;
  public static final int NFT_DATA_VERDICT = 0xffffff00;

  public static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  public static final int NFTA_SET_ELEM_LIST_SET = 2;
  public static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
  public static final int NFTA_SET_ELEM_KEY = 1;
  public static final int NFTA_SET_ELEM_DATA = 2;
  public static final int NFTA_SET_ELEM_USERDATA = 6;
  public static final int NFTA_SET_ELEM_KEY_END = 10;

  public static final int NFTA_DATA_VALUE = 1;
  public static final int NFTA_DATA_VERDICT = 2;
  public static final int NFTA_VERDICT_CODE = 1;
  public static final int NFTA_VERDICT_CHAIN = 2;
  public static final int NF_DROP = 0;
  public static final int NF_ACCEPT = 1;
  public static final int NFT_JUMP = -3;
  public static final int NFT_GOTO = -4;
  public static final int NFT_RETURN = -5;

  public static final int NFTA_EXPR_NAME = 1;
  public static final int NFTA_EXPR_DATA = 2;

  public static final int NFT_REG_VERDICT = 0;
  public static final int NFT_REG_1 = 1;
  public static final int NFT_REG32_00 = 8;

  public static final int NFTA_PAYLOAD_DREG = 1;
  public static final int NFTA_PAYLOAD_BASE = 2;
  public static final int NFTA_PAYLOAD_OFFSET = 3;
  public static final int NFTA_PAYLOAD_LEN = 4;
  public static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  public static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

  public static final int NFTA_CMP_SREG = 1;
  public static final int NFTA_CMP_OP = 2;
  public static final int NFTA_CMP_DATA = 3;
  public static final int NFT_CMP_EQ = 0;
  public static final int NFT_CMP_NEQ = 1;

  public static final int NFTA_BITWISE_SREG = 1;
  public static final int NFTA_BITWISE_DREG = 2;
  public static final int NFTA_BITWISE_LEN = 3;
  public static final int NFTA_BITWISE_MASK = 4;
  public static final int NFTA_BITWISE_XOR = 5;
  public static final int NFTA_BITWISE_OP = 6;
  public static final int NFT_BITWISE_BOOL = 0;

  public static final int NFTA_META_DREG = 1;
  public static final int NFTA_META_KEY = 2;
  public static final int NFTA_META_SREG = 3;
  public static final int NFT_META_MARK = 3;
  public static final int NFT_META_IIFNAME = 6;
  public static final int NFT_META_L4PROTO = 16;

  public static final int NFTA_CT_DREG = 1;
  public static final int NFTA_CT_KEY = 2;
  public static final int NFTA_CT_DIRECTION = 3;
  public static final int NFT_CT_STATE = 0;
  public static final int NFT_CT_STATUS = 2;
  public static final int NFT_CT_PROTO_DST = 12;
  public static final int NFT_CT_DST_IP = 20;
  public static final int NFT_CT_DST_IP6 = 22;
  public static final int IP_CT_DIR_ORIGINAL = 0;

  /// `NF_CT_STATE_BIT(IP_CT_NEW)` of `nf_conntrack_common.h`.
  public static final int CT_STATE_NEW = 1 << 3;

  /// `IPS_DST_NAT` of `nf_conntrack_common.h`.
  public static final int CT_STATUS_DST_NAT = 1 << 5;

  public static final int NFTA_LOOKUP_SET = 1;
  public static final int NFTA_LOOKUP_SREG = 2;
  public static final int NFTA_LOOKUP_DREG = 3;
  public static final int NFTA_LOOKUP_FLAGS = 5;
  public static final int NFT_LOOKUP_F_INV = 1;

  public static final int NFTA_DYNSET_SET_NAME = 1;
  public static final int NFTA_DYNSET_OP = 3;
  public static final int NFTA_DYNSET_SREG_KEY = 4;
  public static final int NFTA_DYNSET_SREG_DATA = 5;
  public static final int NFTA_DYNSET_TIMEOUT = 6;
  public static final int NFT_DYNSET_OP_UPDATE = 1;

  public static final int NFTA_IMMEDIATE_DREG = 1;
  public static final int NFTA_IMMEDIATE_DATA = 2;

  public static final int NFTA_NAT_TYPE = 1;
  public static final int NFTA_NAT_FAMILY = 2;
  public static final int NFTA_NAT_REG_ADDR_MIN = 3;
  public static final int NFTA_NAT_REG_PROTO_MIN = 5;
  public static final int NFT_NAT_DNAT = 1;

  public static final int NFTA_MASQ_FLAGS = 1;
  public static final int NF_NAT_RANGE_PROTO_RANDOM_FULLY = 1 << 4;

  public static final int NFTA_REJECT_TYPE = 1;
  public static final int NFTA_REJECT_ICMP_CODE = 2;
  public static final int NFT_REJECT_ICMP_UNREACH = 0;
  public static final int NFT_REJECT_TCP_RST = 1;

  public static final int NFTA_FIB_DREG = 1;
  public static final int NFTA_FIB_RESULT = 2;
  public static final int NFTA_FIB_FLAGS = 3;
  public static final int NFT_FIB_RESULT_ADDRTYPE = 3;
  public static final int NFTA_FIB_F_SADDR = 1;
  public static final int NFTA_FIB_F_DADDR = 2;

  /// `RTN_LOCAL` of `linux/rtnetlink.h`.
  public static final int RTN_LOCAL = 2;

  public static final int NFTA_NG_DREG = 1;
  public static final int NFTA_NG_MODULUS = 2;
  public static final int NFTA_NG_TYPE = 3;
  public static final int NFT_NG_RANDOM = 1;

  /// Of matches and targets alike.
  public static final int NFTA_XT_NAME = 1;

  public static final int NFTA_XT_REV = 2;
  public static final int NFTA_XT_INFO = 3;

  private NfTables() {}
}
