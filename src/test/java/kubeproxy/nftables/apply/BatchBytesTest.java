package kubeproxy.nftables.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkBatch;
import kubeproxy.kernel.nftables.NfTables;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Field;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Slots;
import kubeproxy.nftables.program.Statement;
import kubeproxy.plan.Backend;
import kubeproxy.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The bytes of every kind of operation. The goldens are those of a little-endian machine.
class BatchBytesTest {
  private static final int SEQUENCE = 100;

  private final MessageWriter out = new MessageWriter();
  private final NfnetlinkBatch batch = new NfnetlinkBatch(out, Nfnetlink.NFNL_SUBSYS_NFTABLES);

  private BatchIndex write(IpFamily family, List<Operation> operations) {
    batch.begin(SEQUENCE);
    return new BatchWriter(batch, out, family).write(new Transaction(family, operations));
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation(IpFamily family) throws IOException {
    boolean ipv4 = family == IpFamily.IPV4;
    IpAddress address = IpAddress.of(ipv4 ? "172.30.0.1" : "fd00:172::1");
    IpPrefix source = IpPrefix.of(ipv4 ? "10.0.0.0/8" : "fd01::/64");
    Key destination =
        Key.builder(NamedSet.SERVICE_IPS.keyBytes(family))
            .address(address)
            .protocol(Protocol.TCP)
            .port(80)
            .build();
    Backend backend = new Backend(IpAddress.of(ipv4 ? "10.1.0.1" : "fd00:10::1"), 8080);
    Slots slots = new Slots(NamedSet.SERVICE_ENDPOINTS, destination, List.of(backend));
    Element verdict =
        new Element(
            NamedSet.SERVICE_IPS,
            destination,
            null,
            new ElementValue.Goto("external-1"),
            "ns/web:http");
    Element range =
        new Element(
            NamedSet.FIREWALL_SOURCES,
            destination.then(key(family, source.address())),
            destination.then(key(family, source.last())),
            null,
            "");
    Rule rule =
        Rule.of(
            "a comment",
            new Statement.InPrefix(Field.Packet.SOURCE_ADDRESS, true, source),
            new Statement.Drop());
    List<Operation> operations =
        List.of(
            new Operation.DeleteTable(),
            new Operation.AddTable(),
            new Operation.AddChain("external-1", null),
            new Operation.AddChain("nat-output", new Hook("nat", 3, "output", -100)),
            new Operation.FlushChain("services"),
            new Operation.DeleteSet(NamedSet.CLUSTER_IPS),
            new Operation.AddSet(NamedSet.CLUSTER_IPS, 1024),
            new Operation.AddSet(NamedSet.SERVICE_IPS, 0),
            new Operation.AddSet(NamedSet.FIREWALL_SOURCES, 0),
            new Operation.AddSet(NamedSet.AFFINITY, 16),
            new Operation.RemoveElement(null, range),
            new Operation.RemoveSlot(null, slots, 0),
            new Operation.PutElement(null, verdict),
            new Operation.PutElement(null, range),
            new Operation.PutSlot(null, slots, 0),
            new Operation.AddRules("services", List.of(rule)),
            new Operation.DeleteChain("external-2"));
    BatchIndex index = write(family, operations);
    Golden.check("nftables/bytes/" + family + ".txt", text(family, index));
  }

  private static Key key(IpFamily family, IpAddress address) {
    return Key.builder(family.bytes()).address(address).build();
  }

  /// The operation each message begins with, and the message in lines of 16 bytes.
  private String text(IpFamily family, BatchIndex index) throws IOException {
    MessageReader reader = new MessageReader().wrap(out.bytes());
    byte[] all = new byte[out.position()];
    out.bytes().get(all);
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (reader.next()) {
      int length = reader.payloadLength() + 16;
      text.append(
          Nfnetlink.subsystem(reader.type()) == Nfnetlink.NFNL_SUBSYS_NFTABLES
              ? OperationText.of(family, index.refused(reader.sequence(), -1))
              : "begin");
      text.append('\n');
      for (int line = at; line < at + length; line += 16) {
        int end = Math.min(line + 16, at + length);
        text.append("  ").append(HexFormat.ofDelimiter(" ").formatHex(all, line, end));
        text.append('\n');
      }
      at += length;
    }
    return text.toString();
  }

  /// Many elements travel in few messages, and each is found again by where it is.
  @Test
  void manyElementsShareMessages() throws IOException {
    List<Operation> operations =
        IntStream.range(0, 5000)
            .<Operation>mapToObj(i ->
                new Operation.PutElement(
                    null,
                    Element.of(
                        NamedSet.CLUSTER_IPS,
                        key(IpFamily.IPV4, IpAddress.of("10.0." + i / 250 + "." + i % 250)))))
            .toList();
    BatchIndex index = write(IpFamily.IPV4, operations);
    MessageReader reader = new MessageReader().wrap(out.bytes());
    int next = 0;
    int messages = 0;
    while (reader.next()) {
      if (Nfnetlink.subsystem(reader.type()) == Nfnetlink.NFNL_SUBSYS_NFTABLES) {
        messages++;
        int elements = 0;
        var attributes = new Attributes();
        var list = new Attributes();
        reader.attributes(attributes, Nfnetlink.HEADER_BYTES);
        // of the message, then the names of table and set
        int headers = 20 + 16 + 16;
        while (attributes.next()) {
          if (attributes.type() == NfTables.NFTA_SET_ELEM_LIST_ELEMENTS) {
            attributes.nested(list);
            int offset = headers + 4;
            while (list.next()) {
              assertThat(index.refused(reader.sequence(), offset)).isSameAs(operations.get(next++));
              offset += list.length() + 4;
              elements++;
            }
          }
        }
        assertThat(elements).isPositive();
      }
    }
    assertThat(next).isEqualTo(operations.size());
    assertThat(messages).isBetween(2, 5);
  }
}
