package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.nftables.program.Field;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Statement;

/// Writes the statements of a rule as expressions. Attributes come in the order in which the kernel
/// gives them back, so that what is written and what is read are the same bytes.
final class ExpressionWriter {
  private static final int PROTOCOL_NUMBER_IPV4 = 2; // NFPROTO_IPV4
  private static final int PROTOCOL_NUMBER_IPV6 = 10; // NFPROTO_IPV6
  private static final int ICMP_PORT_UNREACHABLE = 3;
  private static final int ICMPV6_PORT_UNREACHABLE = 4;
  private static final int INTERFACE_NAME_BYTES = 16; // IFNAMSIZ

  private final MessageWriter out;
  private final IpFamily family;

  ExpressionWriter(MessageWriter out, IpFamily family) {
    this.out = out;
    this.family = family;
  }

  void write(Statement statement) {
    switch (statement) {
      case Statement.NewConnection() -> ctHas(NFT_CT_STATE, CT_STATE_NEW);
      case Statement.DestinationTranslated() -> ctHas(NFT_CT_STATUS, CT_STATUS_DST_NAT);
      case Statement.IsProtocol(var protocol) -> {
        meta(NFT_META_L4PROTO, 0);
        compare(NFT_CMP_EQ, new byte[] {(byte) protocol.number()});
      }
      case Statement.InPrefix(var field, boolean negated, IpPrefix prefix) ->
          inPrefix(field, negated, prefix);
      case Statement.InputInterface(boolean negated, String name, boolean prefix) -> {
        meta(NFT_META_IIFNAME, 0);
        compare(comparison(negated), interfaceName(name, prefix));
      }
      case Statement.MarkHas(int mask) -> {
        meta(NFT_META_MARK, 0);
        bitwise(nativeInt(mask), nativeInt(0));
        compare(NFT_CMP_NEQ, nativeInt(0));
      }
      case Statement.IsLocal(var field) -> isLocal(field);
      case Statement.InSet(var key, boolean negated, NamedSet set) -> {
        load(key, 0);
        lookup(set, -1, negated);
      }
      case Statement.VerdictOf(var key, NamedSet map) -> {
        load(key, 0);
        lookup(map, NFT_REG_VERDICT, false);
      }
      case Statement.TranslateTo(var key, NamedSet map) -> {
        load(key, 0);
        lookup(map, register(0), false);
        translateDestination();
      }
      case Statement.Learn learn -> learn(learn);
      case Statement.SetMark(int mask) -> changeMark(~mask, mask);
      case Statement.FlipMark(int mask) -> changeMark(-1, mask);
      case Statement.Masquerade() ->
          end(begin("masq").putU32Big(NFTA_MASQ_FLAGS, NF_NAT_RANGE_PROTO_RANDOM_FULLY));
      case Statement.Reject() -> reject();
      case Statement.ResetTcp() ->
          end(begin("reject").putU32Big(NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST));
      case Statement.Drop() -> verdict(NF_DROP, "");
      case Statement.Jump(String chain) -> verdict(NFT_JUMP, chain);
      case Statement.Goto(String chain) -> verdict(NFT_GOTO, chain);
    }
  }

  private MessageWriter begin(String name) {
    return out.beginAttribute(NFTA_LIST_ELEM)
        .putString(NFTA_EXPR_NAME, name)
        .beginAttribute(NFTA_EXPR_DATA);
  }

  private static void end(MessageWriter expression) {
    expression.endAttribute().endAttribute();
  }

  /// A register by its number of 32 bits. Where one of the 128-bit registers begins, the kernel
  /// prefers that one's number.
  private static int register(int index) {
    return index % 4 == 0 ? NFT_REG_1 + index / 4 : NFT_REG32_00 + index;
  }

  /// Loads fields into consecutive registers from `index` on. Returns the first free one.
  private int load(List<Field> fields, int index) {
    int next = index;
    for (Field field : fields) {
      load(field, next);
      next += field.type().paddedBytes(family) / FieldType.REGISTER_BYTES;
    }
    return next;
  }

  private void load(Field field, int index) {
    switch (field) {
      case Field.Packet.SOURCE_ADDRESS ->
          payload(index, NFT_PAYLOAD_NETWORK_HEADER, sourceOffset(), family.bytes());
      case Field.Packet.DESTINATION_ADDRESS ->
          payload(
              index, NFT_PAYLOAD_NETWORK_HEADER, sourceOffset() + family.bytes(), family.bytes());
      case Field.Packet.PROTOCOL -> meta(NFT_META_L4PROTO, index);
      case Field.Packet.DESTINATION_PORT -> payload(index, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
      case Field.Packet.ORIGINAL_DESTINATION_ADDRESS ->
          ctOriginal(family == IpFamily.IPV4 ? NFT_CT_DST_IP : NFT_CT_DST_IP6, index);
      case Field.Packet.ORIGINAL_DESTINATION_PORT -> ctOriginal(NFT_CT_PROTO_DST, index);
      case Field.RandomIndex(int modulus) ->
          end(
              begin("numgen")
                  .putU32Big(NFTA_NG_DREG, register(index))
                  .putU32Big(NFTA_NG_MODULUS, modulus)
                  .putU32Big(NFTA_NG_TYPE, NFT_NG_RANDOM)
                  .putU32Big(NFTA_NG_TYPE + 1, 0));
    }
  }

  private int sourceOffset() {
    return family == IpFamily.IPV4 ? 12 : 8;
  }

  private void payload(int index, int base, int offset, int length) {
    end(
        begin("payload")
            .putU32Big(NFTA_PAYLOAD_DREG, register(index))
            .putU32Big(NFTA_PAYLOAD_BASE, base)
            .putU32Big(NFTA_PAYLOAD_OFFSET, offset)
            .putU32Big(NFTA_PAYLOAD_LEN, length));
  }

  private void meta(int key, int index) {
    end(begin("meta").putU32Big(NFTA_META_KEY, key).putU32Big(NFTA_META_DREG, register(index)));
  }

  private void ctHas(int key, int bit) {
    end(begin("ct").putU32Big(NFTA_CT_DREG, register(0)).putU32Big(NFTA_CT_KEY, key));
    bitwise(nativeInt(bit), nativeInt(0));
    compare(NFT_CMP_NEQ, nativeInt(0));
  }

  private void ctOriginal(int key, int index) {
    end(
        begin("ct")
            .putU32Big(NFTA_CT_DREG, register(index))
            .putU32Big(NFTA_CT_KEY, key)
            .putU8(NFTA_CT_DIRECTION, IP_CT_DIR_ORIGINAL));
  }

  private void inPrefix(Field.Packet field, boolean negated, IpPrefix prefix) {
    load(field, 0);
    int length = prefix.length();
    if (length < family.bits()) {
      byte[] mask = new byte[family.bytes()];
      for (int bit = 0; bit < length; bit++) {
        mask[bit / 8] |= (byte) (0x80 >>> bit % 8);
      }
      bitwise(mask, new byte[family.bytes()]);
    }
    compare(comparison(negated), prefix.address().toBytes());
  }

  private void isLocal(Field.Packet field) {
    int flags = field == Field.Packet.SOURCE_ADDRESS ? NFTA_FIB_F_SADDR : NFTA_FIB_F_DADDR;
    end(
        begin("fib")
            .putU32Big(NFTA_FIB_DREG, register(0))
            .putU32Big(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE)
            .putU32Big(NFTA_FIB_FLAGS, flags));
    compare(NFT_CMP_EQ, nativeInt(RTN_LOCAL));
  }

  private void compare(int operation, byte[] value) {
    end(
        begin("cmp")
            .putU32Big(NFTA_CMP_SREG, register(0))
            .putU32Big(NFTA_CMP_OP, operation)
            .beginAttribute(NFTA_CMP_DATA)
            .putBytes(NFTA_DATA_VALUE, value)
            .endAttribute());
  }

  private static int comparison(boolean negated) {
    return negated ? NFT_CMP_NEQ : NFT_CMP_EQ;
  }

  private void bitwise(byte[] mask, byte[] xor) {
    end(
        begin("bitwise")
            .putU32Big(NFTA_BITWISE_SREG, register(0))
            .putU32Big(NFTA_BITWISE_DREG, register(0))
            .putU32Big(NFTA_BITWISE_LEN, mask.length)
            .putU32Big(NFTA_BITWISE_XOR + 1, 0)
            .beginAttribute(NFTA_BITWISE_MASK)
            .putBytes(NFTA_DATA_VALUE, mask)
            .endAttribute()
            .beginAttribute(NFTA_BITWISE_XOR)
            .putBytes(NFTA_DATA_VALUE, xor)
            .endAttribute());
  }

  private void changeMark(int mask, int xor) {
    meta(NFT_META_MARK, 0);
    bitwise(nativeInt(mask), nativeInt(xor));
    end(
        begin("meta")
            .putU32Big(NFTA_META_KEY, NFT_META_MARK)
            .putU32Big(NFTA_META_SREG, register(0)));
  }

  /// @param destination register of the value, or -1 for a set
  private void lookup(NamedSet set, int destination, boolean negated) {
    MessageWriter lookup =
        begin("lookup")
            .putString(NFTA_LOOKUP_SET, set.text())
            .putU32Big(NFTA_LOOKUP_SREG, register(0));
    if (destination >= 0) {
      lookup.putU32Big(NFTA_LOOKUP_DREG, destination);
    }
    end(lookup.putU32Big(NFTA_LOOKUP_FLAGS, negated ? NFT_LOOKUP_F_INV : 0));
  }

  private void translateDestination() {
    int port = FieldType.ADDRESS.paddedBytes(family) / FieldType.REGISTER_BYTES;
    end(
        begin("nat")
            .putU32Big(NFTA_NAT_TYPE, NFT_NAT_DNAT)
            .putU32Big(NFTA_NAT_FAMILY, protocolNumber(family))
            .putU32Big(NFTA_NAT_REG_ADDR_MIN, register(0))
            .putU32Big(NFTA_NAT_REG_PROTO_MIN, register(port)));
  }

  private void learn(Statement.Learn learn) {
    int value = load(learn.key(), 0);
    load(learn.value(), value);
    end(
        begin("dynset")
            .putU32Big(NFTA_DYNSET_SREG_KEY, register(0))
            .putU32Big(NFTA_DYNSET_SREG_DATA, register(value))
            .putU32Big(NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE)
            .putString(NFTA_DYNSET_SET_NAME, learn.map().text())
            .putU64Big(NFTA_DYNSET_TIMEOUT, learn.timeoutSeconds() * 1000L));
  }

  private void reject() {
    int code = family == IpFamily.IPV4 ? ICMP_PORT_UNREACHABLE : ICMPV6_PORT_UNREACHABLE;
    end(
        begin("reject")
            .putU32Big(NFTA_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH)
            .putU8(NFTA_REJECT_ICMP_CODE, code));
  }

  private void verdict(int code, String chain) {
    MessageWriter data =
        begin("immediate")
            .putU32Big(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT)
            .beginAttribute(NFTA_IMMEDIATE_DATA);
    writeVerdict(data, code, chain);
    end(data.endAttribute());
  }

  /// A verdict as data.
  static void writeVerdict(MessageWriter out, int code, String chain) {
    out.beginAttribute(NFTA_DATA_VERDICT).putU32Big(NFTA_VERDICT_CODE, code);
    if (!chain.isEmpty()) {
      out.putString(NFTA_VERDICT_CHAIN, chain);
    }
    out.endAttribute();
  }

  /// `NFPROTO_…` of a family.
  static int protocolNumber(IpFamily family) {
    return family == IpFamily.IPV4 ? PROTOCOL_NUMBER_IPV4 : PROTOCOL_NUMBER_IPV6;
  }

  private static byte[] interfaceName(String name, boolean prefix) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return prefix ? bytes : Arrays.copyOf(bytes, INTERFACE_NAME_BYTES);
  }

  private static byte[] nativeInt(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
