package kubeproxy.nftables.apply;

import static kubeproxy.kernel.netlink.Netlink.NLM_F_APPEND;
import static kubeproxy.kernel.netlink.Netlink.NLM_F_CREATE;
import static kubeproxy.kernel.netlink.Netlink.NLM_F_EXCL;
import static kubeproxy.kernel.nftables.NfTables.*;

import java.util.List;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.NfnetlinkBatch;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Fingerprint;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Statement;

/// Writes a transaction as one nf_tables batch. Elements of the same set travel together, as many
/// to
/// a message as an attribute can hold.
final class BatchWriter {
  /// The name of our table in both families.
  static final String TABLE = "kube-proxy";

  private static final String TABLE_COMMENT = "rules for kube-proxy";

  /// An attribute's length is a 16-bit number; the largest element takes about 400 bytes.
  private static final int ELEMENTS_LIMIT_BYTES = 60_000;

  private final NfnetlinkBatch batch;
  private final MessageWriter out;
  private final ElementWriter elements;
  private final ExpressionWriter expressions;
  private final IpFamily family;
  private int setId;
  private int messageStart;

  /// @param batch has been begun
  /// @param out the writer of that batch
  BatchWriter(NfnetlinkBatch batch, MessageWriter out, IpFamily family) {
    this.batch = batch;
    this.out = out;
    this.elements = new ElementWriter(out);
    this.expressions = new ExpressionWriter(out, family);
    this.family = family;
  }

  /// Writes all operations.
  ///
  /// @return which messages carry which operations
  BatchIndex write(Transaction transaction) {
    BatchIndex index = new BatchIndex(transaction.operations(), batch.lastSequence() + 1);
    List<Operation> operations = transaction.operations();
    int at = 0;
    while (at < operations.size()) {
      at = write(operations, at, index);
    }
    return index;
  }

  /// Writes one operation, or a run of elements. Returns the position after it.
  private int write(List<Operation> operations, int at, BatchIndex index) {
    switch (operations.get(at)) {
      case Operation.AddTable() -> addTable(index, at);
      case Operation.DeleteTable() -> deleteTable(index, at);
      case Operation.AddSet(NamedSet set, int size) -> addSet(set, size, index, at);
      case Operation.DeleteSet(NamedSet set) -> {
        begin(NFT_MSG_DELSET, 0, index, at);
        out.putString(NFTA_SET_TABLE, TABLE).putString(NFTA_SET_NAME, set.text());
        out.endMessage();
      }
      case Operation.AddChain add -> addChain(add, index, at);
      case Operation.FlushChain(String chain) -> {
        begin(NFT_MSG_DELRULE, 0, index, at);
        out.putString(NFTA_RULE_TABLE, TABLE).putString(NFTA_RULE_CHAIN, chain);
        out.endMessage();
      }
      case Operation.AddRules(String chain, List<Rule> rules) ->
          rules.forEach(rule -> addRule(chain, rule, index, at));
      case Operation.DeleteChain(String chain) -> {
        begin(NFT_MSG_DELCHAIN, 0, index, at);
        out.putString(NFTA_CHAIN_TABLE, TABLE).putString(NFTA_CHAIN_NAME, chain);
        out.endMessage();
      }
      case Operation.PutElement(_, var element) -> {
        return elements(operations, at, element.set(), true, index);
      }
      case Operation.PutSlot(_, var slots, _) -> {
        return elements(operations, at, slots.set(), true, index);
      }
      case Operation.RemoveElement(_, var element) -> {
        return elements(operations, at, element.set(), false, index);
      }
      case Operation.RemoveSlot(_, var slots, _) -> {
        return elements(operations, at, slots.set(), false, index);
      }
    }
    return at + 1;
  }

  private void begin(int message, int flags, BatchIndex index, int operation) {
    index.message(operation);
    messageStart = out.position();
    batch.beginMessage(message, flags, ExpressionWriter.protocolNumber(family));
  }

  private void addTable(BatchIndex index, int at) {
    begin(NFT_MSG_NEWTABLE, NLM_F_CREATE, index, at);
    out.putString(NFTA_TABLE_NAME, TABLE).beginAttribute(NFTA_TABLE_USERDATA);
    UserData.text(out, UserData.COMMENT, TABLE_COMMENT);
    out.endAttribute().endMessage();
  }

  private void deleteTable(BatchIndex index, int at) {
    begin(NFT_MSG_DELTABLE, 0, index, at);
    out.putString(NFTA_TABLE_NAME, TABLE).endMessage();
  }

  private void addSet(NamedSet set, int size, BatchIndex index, int at) {
    begin(NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL, index, at);
    out.putString(NFTA_SET_TABLE, TABLE)
        .putString(NFTA_SET_NAME, set.text())
        .putU32Big(NFTA_SET_FLAGS, SetLayout.flags(set))
        .putU32Big(NFTA_SET_KEY_TYPE, SetLayout.type(set.key(), family))
        .putU32Big(NFTA_SET_KEY_LEN, set.keyBytes(family));
    switch (set.valueKind()) {
      case NONE -> {}
      case VERDICT -> out.putU32Big(NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT);
      case BACKEND ->
          out.putU32Big(NFTA_SET_DATA_TYPE, SetLayout.type(NamedSet.BACKEND_FIELDS, family))
              .putU32Big(NFTA_SET_DATA_LEN, set.valueBytes(family));
    }
    describe(set, size);
    out.putU32Big(NFTA_SET_ID, ++setId).beginAttribute(NFTA_SET_USERDATA);
    UserData.text(out, UserData.SET_COMMENT, set.comment());
    out.endAttribute().endMessage();
  }

  private void describe(NamedSet set, int size) {
    if (size == 0 && !set.hasRanges()) {
      return;
    }
    out.beginNested(NFTA_SET_DESC);
    if (size > 0) {
      out.putU32Big(NFTA_SET_DESC_SIZE, size);
    }
    if (set.hasRanges()) {
      out.beginNested(NFTA_SET_DESC_CONCAT);
      for (FieldType field : set.key()) {
        out.beginNested(NFTA_LIST_ELEM)
            .putU32Big(NFTA_SET_FIELD_LEN, field.bytes(family))
            .endNested();
      }
      out.endNested();
    }
    out.endNested();
  }

  private void addChain(Operation.AddChain add, BatchIndex index, int at) {
    begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE, index, at);
    out.putString(NFTA_CHAIN_TABLE, TABLE).putString(NFTA_CHAIN_NAME, add.chain());
    Hook hook = add.hook();
    if (hook != null) {
      out.beginNested(NFTA_CHAIN_HOOK)
          .putU32Big(NFTA_HOOK_HOOKNUM, hook.number())
          .putU32Big(NFTA_HOOK_PRIORITY, hook.priority())
          .endNested()
          .putU32Big(NFTA_CHAIN_POLICY, NF_ACCEPT)
          .putString(NFTA_CHAIN_TYPE, hook.type());
    }
    out.endMessage();
  }

  private void addRule(String chain, Rule rule, BatchIndex index, int at) {
    begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, index, at);
    out.putString(NFTA_RULE_TABLE, TABLE).putString(NFTA_RULE_CHAIN, chain);
    out.beginAttribute(NFTA_RULE_EXPRESSIONS);
    for (Statement statement : rule.statements()) {
      expressions.write(statement);
    }
    out.endAttribute().beginAttribute(NFTA_RULE_USERDATA);
    if (!rule.comment().isEmpty()) {
      UserData.text(out, UserData.COMMENT, rule.comment());
    }
    UserData.number(out, UserData.FINGERPRINT, Fingerprint.of(family, rule));
    out.endAttribute().endMessage();
  }

  /// Writes as many of the element operations from `from` on as are of the same kind for the same
  /// set and find room in one message.
  private int elements(
      List<Operation> operations, int from, NamedSet set, boolean put, BatchIndex index) {
    begin(
        put ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
        put ? NLM_F_CREATE | NLM_F_EXCL : 0,
        index,
        from);
    out.putString(NFTA_SET_ELEM_LIST_TABLE, TABLE)
        .putString(NFTA_SET_ELEM_LIST_SET, set.text())
        .beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
    int at = from;
    while (at < operations.size() && out.attributeLength() < ELEMENTS_LIMIT_BYTES) {
      int offset = out.position() - messageStart;
      if (!writeElement(operations.get(at), set, put)) {
        break;
      }
      index.offset(at++, offset);
    }
    out.endNested().endMessage();
    return at;
  }

  private boolean writeElement(Operation operation, NamedSet set, boolean put) {
    switch (operation) {
      case Operation.PutElement(_, var element) when put && element.set() == set ->
          elements.write(element);
      case Operation.PutSlot(_, var slots, int index) when put && slots.set() == set ->
          elements.write(slots, index);
      case Operation.RemoveElement(_, var element) when !put && element.set() == set ->
          elements.writeKey(element);
      case Operation.RemoveSlot(_, var slots, int index) when !put && slots.set() == set ->
          elements.writeKey(slots, index);
      default -> {
        return false;
      }
    }
    return true;
  }
}
