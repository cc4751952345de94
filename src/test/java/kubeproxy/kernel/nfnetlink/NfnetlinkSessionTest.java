package kubeproxy.kernel.nfnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport.Reception;
import kubeproxy.kernel.nfnetlink.CommitOutcome.Committed;
import kubeproxy.kernel.nfnetlink.CommitOutcome.Refused;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("kernel")
@Timeout(60)
final class NfnetlinkSessionTest {

  private static final int NFT_MSG_NEWTABLE = 0;
  private static final int NFT_MSG_GETTABLE = 1;
  private static final int NFT_MSG_NEWCHAIN = 3;
  private static final int NFT_MSG_NEWSET = 9;
  private static final int NFT_MSG_NEWSETELEM = 12;
  private static final int NFT_MSG_GETSETELEM = 13;
  private static final int NFT_MSG_GETGEN = 16;
  private static final int NAME = 1;
  private static final int NFTA_CHAIN_NAME = 3;
  private static final int NFTA_GEN_ID = 1;

  private final MessageWriter writer = new MessageWriter();
  private final NfnetlinkBatch batch = new NfnetlinkBatch(writer, Nfnetlink.NFNL_SUBSYS_NFTABLES);
  private NetworkNamespace namespace;
  private NetlinkSocket socket;
  private NfnetlinkSession session;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
    socket = namespace.run(() -> NetlinkSocket.open(Netlink.NETLINK_NETFILTER));
    session =
        new NfnetlinkSession(socket, Nfnetlink.NFNL_SUBSYS_NFTABLES, NetlinkRequester.PATIENCE);
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    namespace.close();
  }

  @Test
  void aBatchIsCarriedOut() throws Exception {
    begin();
    addTable("a");
    addChain("a", "c");
    assertThat(session.commit(batch)).isEqualTo(new Committed());
    assertThat(namespace.exec("nft", "list", "ruleset")).contains("table inet a", "chain c");
  }

  @Test
  void oneRefusedMessageUndoesTheBatchAndIsNamed() throws Exception {
    begin();
    addTable("a");
    addChain("absent", "c");
    int refused = batch.lastSequence();
    addTable("b");
    assertThat(session.commit(batch))
        .isInstanceOfSatisfying(
            Refused.class,
            outcome -> {
              NetlinkError error = outcome.errors().getFirst();
              assertThat(outcome.errors()).hasSize(1);
              assertThat(error.is(Errno.ENOENT)).isTrue();
              assertThat(error.sequence()).isEqualTo(refused);
              // Message header, header of netfilter: then comes the name of the table.
              assertThat(error.attributeOffset()).isEqualTo(20);
            });
    assertThat(namespace.exec("nft", "list", "ruleset")).isEmpty();
  }

  @Test
  void allRefusedMessagesAreNamedAlsoTheLast() throws Exception {
    begin();
    addChain("absent", "c");
    addTable("a");
    addChain("absent", "d");
    int last = batch.lastSequence();
    assertThat(session.commit(batch))
        .isInstanceOfSatisfying(
            Refused.class,
            outcome ->
                assertThat(outcome.errors())
                    .extracting(NetlinkError::sequence)
                    .containsExactly(last - 2, last));
  }

  @Test
  void theNextBatchIsNotConfusedByTheFormer() throws Exception {
    for (int i = 0; i < 3; i++) {
      begin();
      addChain("absent", "c");
      assertThat(session.commit(batch)).isInstanceOf(Refused.class);
      begin();
      addTable("a" + i);
      assertThat(session.commit(batch)).isEqualTo(new Committed());
    }
  }

  @Test
  void moreErrorsThanTheQueueHoldsStillMeanRefused() throws Exception {
    socket.receiveQueue(16 << 10);
    begin();
    for (int i = 0; i < 5000; i++) {
      addChain("absent", "c" + i);
    }
    assertThat(session.commit(batch))
        .isInstanceOfSatisfying(
            Refused.class, outcome -> assertThat(outcome.errors()).isNotEmpty());
    begin();
    addTable("a");
    assertThat(session.commit(batch)).isEqualTo(new Committed());
  }

  @Test
  void thousandsOfErrorsAreAllNamed() throws Exception {
    begin();
    for (int i = 0; i < 3000; i++) {
      addChain("absent", "c" + i);
    }
    assertThat(session.commit(batch))
        .isInstanceOfSatisfying(
            Refused.class, outcome -> assertThat(outcome.errors()).hasSize(3000));
  }

  @Test
  void tenMegabytesGoInOneSend() throws Exception {
    int elements = 50_000;
    begin();
    addTable("a");
    batch
        .beginMessage(NFT_MSG_NEWSET, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putString(1, "a")
        .putString(2, "s")
        .putU32Big(4, 19)
        .putU32Big(5, 4)
        .putU32Big(10, 1)
        .beginNested(9)
        .putU32Big(1, elements)
        .endNested();
    batch.endMessage();
    int next = 0;
    while (next < elements) {
      next = addElements(next, elements);
    }
    assertThat(batch.length()).isGreaterThan(10 << 20);
    assertThat(session.commit(batch)).isEqualTo(new Committed());
    assertThat(writer.capacity()).isLessThan(1 << 20);
    assertThat(countElements("a", "s")).isEqualTo(elements);
  }

  @Test
  void aBatchForAnotherGenerationIsRefused() throws Exception {
    int generation = generation();
    begin();
    addTable("a");
    assertThat(session.commit(batch)).isEqualTo(new Committed());
    assertThat(generation()).isNotEqualTo(generation);
    batch.begin(session.nextSequence(), generation);
    int opening = batch.lastSequence();
    addTable("b");
    assertThat(session.commit(batch))
        .isInstanceOfSatisfying(
            Refused.class,
            outcome -> {
              assertThat(outcome.errors().getFirst().is(Errno.ERESTART)).isTrue();
              assertThat(outcome.errors().getFirst().sequence()).isEqualTo(opening);
            });
    batch.begin(session.nextSequence(), generation());
    addTable("b");
    assertThat(session.commit(batch)).isEqualTo(new Committed());
  }

  @Test
  void aDumpListsWhatIsThere() throws Exception {
    begin();
    for (int i = 0; i < 500; i++) {
      addTable("t" + i);
    }
    assertThat(session.commit(batch)).isEqualTo(new Committed());
    session.beginDump(writer, NFT_MSG_GETTABLE, Nfnetlink.NFPROTO_INET).endMessage();
    List<String> names = new ArrayList<>();
    Attributes attributes = new Attributes();
    Answer answer =
        session.dump(
            writer,
            message -> {
              assertThat(Nfnetlink.family(message)).isEqualTo(Nfnetlink.NFPROTO_INET);
              message.attributes(attributes, Nfnetlink.HEADER_BYTES);
              while (attributes.next()) {
                if (attributes.type() == NAME) {
                  names.add(attributes.string());
                }
              }
            });
    assertThat(answer).isEqualTo(new Answer.Complete());
    assertThat(names).hasSize(500).contains("t0", "t499");
  }

  @Test
  void ownChangesAreNotNotifiedButThoseOfOthersAre() throws Exception {
    try (NetlinkSocket listener =
        namespace.run(() -> NetlinkSocket.open(Netlink.NETLINK_NETFILTER))) {
      listener.ignoreCausedBy(session.portId());
      listener.joinGroup(Nfnetlink.NFNLGRP_NFTABLES);
      begin();
      addTable("ours");
      assertThat(session.commit(batch)).isEqualTo(new Committed());
      MessageReader reader = new MessageReader();
      assertThat(listener.receive(reader, 0)).isEqualTo(Reception.NOTHING);
      namespace.exec("nft", "add", "table", "inet", "theirs");
      assertThat(listener.receive(reader, 10_000)).isEqualTo(Reception.MESSAGES);
      assertThat(reader.next()).isTrue();
      assertThat(Nfnetlink.subsystem(reader.type())).isEqualTo(Nfnetlink.NFNL_SUBSYS_NFTABLES);
      assertThat(Nfnetlink.message(reader.type())).isEqualTo(NFT_MSG_NEWTABLE);
      assertThat(reader.portId()).isNotEqualTo(session.portId());
    }
  }

  private void begin() {
    batch.begin(session.nextSequence());
  }

  private void addTable(String name) {
    batch
        .beginMessage(NFT_MSG_NEWTABLE, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putString(NAME, name);
    batch.endMessage();
  }

  private void addChain(String table, String name) {
    batch
        .beginMessage(NFT_MSG_NEWCHAIN, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putString(NAME, table)
        .putString(NFTA_CHAIN_NAME, name);
    batch.endMessage();
  }

  // Elements in one message, as many as an attribute holds; returns the next to add. A remark makes
  // each of them long.
  private int addElements(int from, int to) {
    batch
        .beginMessage(NFT_MSG_NEWSETELEM, Netlink.NLM_F_CREATE, Nfnetlink.NFPROTO_INET)
        .putString(1, "a")
        .putString(2, "s")
        .putU32Big(4, 1)
        .beginNested(3);
    byte[] remark = new byte[200];
    int next = from;
    while (next < to && writer.attributeLength() < Netlink.ATTRIBUTE_LIMIT_BYTES - 300) {
      writer.beginNested(1).beginNested(1).putU32Native(1, next++).endNested();
      writer.putBytes(6, remark).endNested();
    }
    writer.endNested();
    batch.endMessage();
    return next;
  }

  private int countElements(String table, String set) throws IOException {
    session
        .beginDump(writer, NFT_MSG_GETSETELEM, Nfnetlink.NFPROTO_INET)
        .putString(1, table)
        .putString(2, set)
        .endMessage();
    int[] count = new int[1];
    Attributes attributes = new Attributes();
    Attributes list = new Attributes();
    Answer answer =
        session.dump(
            writer,
            message -> {
              message.attributes(attributes, Nfnetlink.HEADER_BYTES);
              while (attributes.next()) {
                if (attributes.type() == 3) {
                  attributes.nested(list);
                  while (list.next()) {
                    count[0]++;
                  }
                }
              }
            });
    assertThat(answer).isEqualTo(new Answer.Complete());
    return count[0];
  }

  private int generation() throws IOException {
    session.beginRequest(writer, NFT_MSG_GETGEN, Nfnetlink.NFPROTO_UNSPEC).endMessage();
    int[] generation = new int[1];
    Attributes attributes = new Attributes();
    Answer answer =
        session.request(
            writer,
            message -> {
              message.attributes(attributes, Nfnetlink.HEADER_BYTES);
              while (attributes.next()) {
                if (attributes.type() == NFTA_GEN_ID) {
                  generation[0] = attributes.u32Big();
                }
              }
            });
    assertThat(answer).isEqualTo(new Answer.Complete());
    return generation[0];
  }
}
