package kubeproxy.kernel.conntrack;

import java.io.Closeable;
import java.io.IOException;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;
import kubeproxy.model.Protocol;

/// The connection tracking table of a network namespace. Used by one thread at a time; [#close] may
/// come from another.
public final class ConntrackTable implements Closeable {

  /// How often a walk is begun that the kernel calls interrupted, before what was seen has to do.
  /// On a busy node every walk is, and stale flows that were missed are found by the next one.
  public static final int ATTEMPTS = 5;

  private final NfnetlinkSession session;
  private final MessageWriter writer = new MessageWriter();
  private final FlowView view = new FlowView();

  /// @param session with the subsystem ctnetlink; closed with this table
  public ConntrackTable(NfnetlinkSession session) {
    this.session = session;
  }

  /// Opens the table of the calling thread's network namespace.
  public static ConntrackTable open() throws KernelException {
    return new ConntrackTable(NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_CTNETLINK));
  }

  /// Takes the flows of a walk, one by one.
  @FunctionalInterface
  public interface FlowVisitor {

    /// Looks at one flow.
    ///
    /// @param flow valid during this call only. The table must not be used meanwhile: keep what is
    ///   to be deleted, and delete it after the walk.
    void visit(FlowView flow);
  }

  /// What became of a flow that was to be deleted.
  public sealed interface Deletion {

    /// It is gone.
    record Deleted() implements Deletion {}

    /// It was gone before.
    record Absent() implements Deletion {}

    /// It may still be there.
    ///
    /// @param reason why, for people
    record Failed(String reason) implements Deletion {}
  }

  /// Visits every UDP flow of a family. The kernel sends nothing else where it can filter by
  /// protocol (5.8 and later). A walk that was interrupted is begun again, so a flow can be visited
  /// more than once; and flows that come or go meanwhile may be missed.
  ///
  /// @return [Answer.Complete], [Answer.Interrupted] if all [#ATTEMPTS] were, or why there is no
  ///   answer
  public Answer forEachUdp(IpFamily family, FlowVisitor visitor) throws IOException {
    Answer answer = new Answer.Interrupted();
    for (int i = 0; i < ATTEMPTS && answer instanceof Answer.Interrupted; i++) {
      answer = walk(family, visitor);
    }
    return answer;
  }

  /// Deletes a flow: the very entry that was seen, not a later one with the same addresses and
  /// ports.
  public Deletion delete(Flow flow) throws IOException {
    session.beginRequest(
        writer, Ctnetlink.IPCTNL_MSG_CT_DELETE, protocolFamily(flow.original().source().family()));
    putTuple(flow.original());
    if (flow.zone() != 0) {
      writer.putU16Big(Ctnetlink.CTA_ZONE, flow.zone());
    }
    if (flow.id() != 0) {
      writer.putU32Big(Ctnetlink.CTA_ID, flow.id());
    }
    writer.endMessage();
    return switch (session.request(writer, _ -> {})) {
      case Answer.Complete() -> new Deletion.Deleted();
      case Answer.Interrupted() -> new Deletion.Failed("interrupted");
      case Answer.Missing(String reason) -> new Deletion.Failed(reason);
      case Answer.Refused(NetlinkError error) ->
          error.is(Errno.ENOENT) ? new Deletion.Absent() : new Deletion.Failed(error.toString());
    };
  }

  @Override
  public void close() throws IOException {
    session.close();
  }

  private Answer walk(IpFamily family, FlowVisitor visitor) throws IOException {
    session.beginDump(writer, Ctnetlink.IPCTNL_MSG_CT_GET, protocolFamily(family));
    writer
        .beginNested(Ctnetlink.CTA_TUPLE_ORIG)
        .beginNested(Ctnetlink.CTA_TUPLE_PROTO)
        .putU8(Ctnetlink.CTA_PROTO_NUM, Protocol.UDP.number())
        .endNested()
        .endNested()
        .beginNested(Ctnetlink.CTA_FILTER)
        .putU32Native(Ctnetlink.CTA_FILTER_ORIG_FLAGS, Ctnetlink.FILTER_PROTO_NUM)
        .putU32Native(Ctnetlink.CTA_FILTER_REPLY_FLAGS, 0)
        .endNested()
        .endMessage();
    return session.dump(writer, message -> visitUdp(message, visitor));
  }

  // An older kernel does not know the filter and sends everything.
  private void visitUdp(MessageReader message, FlowVisitor visitor) throws IOException {
    view.read(message);
    if (view.protocol() == Protocol.UDP.number()) {
      visitor.visit(view);
    }
  }

  // A delete without a tuple would empty the whole table, so nothing here is optional.
  private void putTuple(Flow.Tuple tuple) {
    writer.beginNested(Ctnetlink.CTA_TUPLE_ORIG).beginNested(Ctnetlink.CTA_TUPLE_IP);
    putAddress(Ctnetlink.CTA_IP_V4_SRC, Ctnetlink.CTA_IP_V6_SRC, tuple.source());
    putAddress(Ctnetlink.CTA_IP_V4_DST, Ctnetlink.CTA_IP_V6_DST, tuple.destination());
    writer
        .endNested()
        .beginNested(Ctnetlink.CTA_TUPLE_PROTO)
        .putU8(Ctnetlink.CTA_PROTO_NUM, Protocol.UDP.number())
        .putU16Big(Ctnetlink.CTA_PROTO_SRC_PORT, tuple.sourcePort())
        .putU16Big(Ctnetlink.CTA_PROTO_DST_PORT, tuple.destinationPort())
        .endNested()
        .endNested();
  }

  private void putAddress(int ipv4Type, int ipv6Type, IpAddress address) {
    switch (address) {
      case Ipv4Address(int bits) -> writer.putU32Big(ipv4Type, bits);
      case Ipv6Address(long high, long low) ->
          writer.beginAttribute(ipv6Type).rawU64Big(high).rawU64Big(low).endAttribute();
    }
  }

  private static int protocolFamily(IpFamily family) {
    return switch (family) {
      case IPV4 -> Nfnetlink.NFPROTO_IPV4;
      case IPV6 -> Nfnetlink.NFPROTO_IPV6;
    };
  }
}
