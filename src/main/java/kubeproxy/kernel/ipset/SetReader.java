package kubeproxy.kernel.ipset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Gathers the sets of one listing. A large set comes in several messages, of which only the first
/// says what it is.
final class SetReader {

  private final Map<String, Gathered> found = new TreeMap<>();
  private final Attributes attributes = new Attributes();
  private final Attributes entries = new Attributes();
  private final Attributes data = new Attributes();
  private final EntryReader entryReader = new EntryReader();

  private static final class Gathered {
    private @Nullable SetShape shape;
    private int references;
    private final List<SetEntry> entries = new ArrayList<>();
  }

  /// What is in the data of a set's first message.
  private static final class Header {
    private String typeName = "";
    private int family;
    private int maxElements;
    private int from;
    private int to;
    private int references;
    private final List<String> unusual = new ArrayList<>();

    SetShape shape() {
      HashType type = HashType.of(typeName);
      boolean ip = family == Nfnetlink.NFPROTO_IPV4 || family == Nfnetlink.NFPROTO_IPV6;
      if (unusual.isEmpty() && type != null && ip) {
        boolean ipv4 = family == Nfnetlink.NFPROTO_IPV4;
        return new SetShape.Hash(type, ipv4 ? IpFamily.IPV4 : IpFamily.IPV6, maxElements);
      }
      if (unusual.isEmpty() && typeName.equals("bitmap:port")) {
        return new SetShape.PortBitmap(from, to);
      }
      String details = unusual.isEmpty() ? "" : " " + String.join(" ", unusual);
      return new SetShape.Foreign(typeName + details);
    }
  }

  static IpSets.Protocols protocols(MessageReader message) throws MalformedMessageException {
    int newest = Ipset.IPSET_PROTOCOL;
    int oldest = Ipset.IPSET_PROTOCOL;
    Attributes attributes = message.attributes(new Attributes(), Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case Ipset.IPSET_ATTR_PROTOCOL -> newest = attributes.u8();
        case Ipset.IPSET_ATTR_PROTOCOL_MIN -> oldest = attributes.u8();
        default -> {}
      }
    }
    return new IpSets.Protocols(oldest, newest);
  }

  void read(MessageReader message) throws MalformedMessageException {
    Header header = new Header();
    boolean begins = false;
    Gathered set = null;
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case Ipset.IPSET_ATTR_SETNAME ->
            set = found.computeIfAbsent(attributes.string(), _ -> new Gathered());
        case Ipset.IPSET_ATTR_TYPENAME -> {
          header.typeName = attributes.string();
          begins = true;
        }
        case Ipset.IPSET_ATTR_FAMILY -> header.family = attributes.u8();
        case Ipset.IPSET_ATTR_DATA -> readHeader(header);
        case Ipset.IPSET_ATTR_ADT -> {
          Gathered owner = require(set);
          readEntries(begins ? header.shape() : owner.shape, owner.entries);
        }
        default -> {}
      }
    }
    if (begins) {
      Gathered owner = require(set);
      owner.shape = header.shape();
      owner.references = header.references;
    }
  }

  /// What was gathered, sorted by name.
  List<KernelSet> sets() {
    List<KernelSet> sets = new ArrayList<>();
    found.forEach((name, set) ->
        sets.add(
            new KernelSet(
                name,
                Objects.requireNonNullElseGet(set.shape, () -> new SetShape.Foreign("unknown")),
                set.references,
                set.entries)));
    return sets;
  }

  private void readHeader(Header header) throws MalformedMessageException {
    attributes.nested(data);
    while (data.next()) {
      switch (data.type()) {
        case Ipset.IPSET_ATTR_MAXELEM -> header.maxElements = data.u32Big();
        case Ipset.IPSET_ATTR_PORT -> header.from = data.u16Big();
        case Ipset.IPSET_ATTR_PORT_TO -> header.to = data.u16Big();
        case Ipset.IPSET_ATTR_REFERENCES -> header.references = data.u32Big();
        case Ipset.IPSET_ATTR_TIMEOUT -> header.unusual.add("timeout " + data.u32Big());
        case Ipset.IPSET_ATTR_NETMASK -> header.unusual.add("netmask " + data.u8());
        case Ipset.IPSET_ATTR_CADT_FLAGS -> {
          int flags = data.u32Big();
          if (flags != 0) {
            header.unusual.add("flags 0x" + Integer.toHexString(flags));
          }
        }
        default -> {}
      }
    }
  }

  private void readEntries(@Nullable SetShape shape, List<SetEntry> into)
      throws MalformedMessageException {
    if (shape == null || shape instanceof SetShape.Foreign) {
      return;
    }
    attributes.nested(entries);
    while (entries.next()) {
      if (entries.type() == Ipset.IPSET_ATTR_DATA) {
        into.add(entryReader.read(entries, shape));
      }
    }
  }

  private static Gathered require(@Nullable Gathered set) throws MalformedMessageException {
    if (set == null) {
      throw new MalformedMessageException("a set without name");
    }
    return set;
  }
}
