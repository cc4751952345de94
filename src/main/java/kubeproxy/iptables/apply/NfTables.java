package kubeproxy.iptables.apply;

/// Numbers of `linux/netfilter/nf_tables.h` and `nf_tables_compat.h`, spelled as there, as far as
/// rules that `iptables-nft` writes use them.
final class NfTables {
  static final int NFT_MSG_NEWTABLE = 0;
  static final int NFT_MSG_DELTABLE = 2;
  static final int NFT_MSG_NEWCHAIN = 3;
  static final int NFT_MSG_GETCHAIN = 4;
  static final int NFT_MSG_DELCHAIN = 5;
  static final int NFT_MSG_NEWRULE = 6;
  static final int NFT_MSG_GETRULE = 7;
  static final int NFT_MSG_DELRULE = 8;
  static final int NFT_MSG_NEWGEN = 15;
  static final int NFT_MSG_GETGEN = 16;
  static final int NFTA_GEN_ID = 1;

  static final int NFTA_TABLE_NAME = 1;

  static final int NFTA_CHAIN_TABLE = 1;
  static final int NFTA_CHAIN_NAME = 3;
  static final int NFTA_CHAIN_HOOK = 4;

  static final int NFTA_RULE_TABLE = 1;
  static final int NFTA_RULE_CHAIN = 2;
  static final int NFTA_RULE_EXPRESSIONS = 4;

  static final int NFTA_EXPR_NAME = 1;
  static final int NFTA_EXPR_DATA = 2;

  static final int NFTA_DATA_VALUE = 1;
  static final int NFTA_DATA_VERDICT = 2;
  static final int NFTA_VERDICT_CODE = 1;
  static final int NFTA_VERDICT_CHAIN = 2;
  static final int NF_DROP = 0;
  static final int NF_ACCEPT = 1;
  static final int NFT_JUMP = -3;
  static final int NFT_RETURN = -5;
  static final int NFT_REG_VERDICT = 0;

  static final int NFTA_META_DREG = 1;
  static final int NFTA_META_KEY = 2;
  static final int NFT_META_MARK = 3;
  static final int NFT_META_IIFNAME = 6;
  static final int NFT_META_L4PROTO = 16;

  static final int NFTA_PAYLOAD_DREG = 1;
  static final int NFTA_PAYLOAD_BASE = 2;
  static final int NFTA_PAYLOAD_OFFSET = 3;
  static final int NFTA_PAYLOAD_LEN = 4;
  static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

  static final int NFTA_BITWISE_SREG = 1;
  static final int NFTA_BITWISE_DREG = 2;
  static final int NFTA_BITWISE_LEN = 3;
  static final int NFTA_BITWISE_MASK = 4;
  static final int NFTA_BITWISE_XOR = 5;
  static final int NFTA_BITWISE_OP = 6;
  static final int NFT_BITWISE_BOOL = 0;

  static final int NFTA_CMP_SREG = 1;
  static final int NFTA_CMP_OP = 2;
  static final int NFTA_CMP_DATA = 3;
  static final int NFT_CMP_EQ = 0;
  static final int NFT_CMP_NEQ = 1;

  static final int NFTA_IMMEDIATE_DREG = 1;
  static final int NFTA_IMMEDIATE_DATA = 2;

  /// Of matches and targets alike.
  static final int NFTA_XT_NAME = 1;

  static final int NFTA_XT_REV = 2;
  static final int NFTA_XT_INFO = 3;

  private NfTables() {}
}
