package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.Slots;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// Writes elements of sets and maps.
final class ElementWriter {
  private final MessageWriter out;

  ElementWriter(MessageWriter out) {
    this.out = out;
  }

  /// A whole element.
  void write(Element element) {
    out.beginNested(NFTA_LIST_ELEM);
    key(NFTA_SET_ELEM_KEY, element.key());
    keyEnd(element.keyEnd());
    ElementValue value = element.value();
    if (value != null) {
      out.beginNested(NFTA_SET_ELEM_DATA);
      value(value);
      out.endNested();
    }
    if (!element.comment().isEmpty()) {
      out.beginAttribute(NFTA_SET_ELEM_USERDATA);
      UserData.text(out, UserData.COMMENT, element.comment());
      out.endAttribute();
    }
    out.endNested();
  }

  /// What tells an element from others, to remove it.
  void writeKey(Element element) {
    out.beginNested(NFTA_LIST_ELEM);
    key(NFTA_SET_ELEM_KEY, element.key());
    keyEnd(element.keyEnd());
    out.endNested();
  }

  /// The element of a slot.
  void write(Slots slots, int index) {
    out.beginNested(NFTA_LIST_ELEM);
    slotKey(slots, index);
    Backend backend = slots.backends().get(index);
    out.beginNested(NFTA_SET_ELEM_DATA).beginAttribute(NFTA_DATA_VALUE);
    address(backend.address());
    out.rawU16Big(backend.port()).rawU16Big(0).endAttribute().endNested();
    out.endNested();
  }

  /// What tells the element of a slot from others.
  void writeKey(Slots slots, int index) {
    out.beginNested(NFTA_LIST_ELEM);
    slotKey(slots, index);
    out.endNested();
  }

  private void slotKey(Slots slots, int index) {
    out.beginNested(NFTA_SET_ELEM_KEY)
        .beginAttribute(NFTA_DATA_VALUE)
        .rawBytes(slots.prefix().bytes())
        .rawU32Native(index)
        .endAttribute()
        .endNested();
  }

  private void address(IpAddress address) {
    switch (address) {
      case Ipv4Address(int bits) -> out.rawU32Big(bits);
      case Ipv6Address(long high, long low) -> out.rawU64Big(high).rawU64Big(low);
    }
  }

  private void key(int attribute, Key key) {
    out.beginNested(attribute).putBytes(NFTA_DATA_VALUE, key.bytes()).endNested();
  }

  private void keyEnd(@Nullable Key keyEnd) {
    if (keyEnd != null) {
      key(NFTA_SET_ELEM_KEY_END, keyEnd);
    }
  }

  private void value(ElementValue value) {
    switch (value) {
      case ElementValue.Drop() -> ExpressionWriter.writeVerdict(out, NF_DROP, "");
      case ElementValue.Goto(String chain) -> ExpressionWriter.writeVerdict(out, NFT_GOTO, chain);
      case ElementValue.OtherVerdict(int code, String chain) ->
          ExpressionWriter.writeVerdict(out, code, chain);
      case ElementValue.Data(Key bytes) -> out.putBytes(NFTA_DATA_VALUE, bytes.bytes());
    }
  }
}
