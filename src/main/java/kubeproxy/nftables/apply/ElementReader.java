package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.IOException;
import java.util.List;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import org.jspecify.annotations.Nullable;

/// Reads the elements of one set out of a dump.
final class ElementReader {
  private final NamedSet set;
  private final List<Element> elements;
  private final Attributes attributes = new Attributes();
  private final Attributes list = new Attributes();
  private final Attributes element = new Attributes();
  private final Attributes part = new Attributes();
  private final Attributes verdict = new Attributes();

  /// @param elements where they are put
  ElementReader(NamedSet set, List<Element> elements) {
    this.set = set;
    this.elements = elements;
  }

  void read(MessageReader message) throws IOException {
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
        attributes.nested(list);
        while (list.next()) {
          readElement();
        }
      }
    }
  }

  private void readElement() throws IOException {
    Key key = null;
    Key keyEnd = null;
    ElementValue value = null;
    list.nested(element);
    while (element.next()) {
      switch (element.type()) {
        case NFTA_SET_ELEM_KEY -> key = readKey();
        case NFTA_SET_ELEM_KEY_END -> keyEnd = readKey();
        case NFTA_SET_ELEM_DATA -> value = readValue();
        default -> {}
      }
    }
    if (key != null) {
      elements.add(new Element(set, key, keyEnd, value, ""));
    }
  }

  private @Nullable Key readKey() throws IOException {
    element.nested(part);
    Key key = null;
    while (part.next()) {
      if (part.type() == NFTA_DATA_VALUE) {
        key = Key.ofBytes(part.bytes());
      }
    }
    return key;
  }

  private @Nullable ElementValue readValue() throws IOException {
    element.nested(part);
    ElementValue value = null;
    while (part.next()) {
      if (part.type() == NFTA_DATA_VALUE) {
        value = new ElementValue.Data(Key.ofBytes(part.bytes()));
      } else if (part.type() == NFTA_DATA_VERDICT) {
        value = readVerdict();
      }
    }
    return value;
  }

  private ElementValue readVerdict() throws IOException {
    int code = NF_DROP;
    String chain = "";
    part.nested(verdict);
    while (verdict.next()) {
      if (verdict.type() == NFTA_VERDICT_CODE) {
        code = verdict.u32Big();
      } else if (verdict.type() == NFTA_VERDICT_CHAIN) {
        chain = verdict.string();
      }
    }
    return switch (code) {
      case NF_DROP -> new ElementValue.Drop();
      case NFT_GOTO -> new ElementValue.Goto(chain);
      default -> new ElementValue.OtherVerdict(code, chain);
    };
  }
}
