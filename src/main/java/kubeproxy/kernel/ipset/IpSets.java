package kubeproxy.kernel.ipset;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkPipeline;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;
import kubeproxy.kernel.nfnetlink.Nfnetlink;

/// The sets of a network namespace. Used by one thread at a time; [#close] may come from another.
public final class IpSets implements Closeable {

  /// How often a listing is begun that the kernel calls interrupted, before it is an error.
  public static final int ATTEMPTS = 5;

  private static final String ALL = "";

  private final NetlinkTransport transport;
  private final NetlinkRequester requester;
  private final NetlinkPipeline pipeline;
  private final MessageWriter writer = new MessageWriter();

  /// Versions of the interface that the kernel speaks, from the oldest to the newest.
  public record Protocols(int oldest, int newest) {}

  /// @param transport to netfilter; closed with this
  public IpSets(NetlinkTransport transport) {
    this.transport = transport;
    this.requester = new NetlinkRequester(transport);
    this.pipeline = new NetlinkPipeline(transport, requester);
  }

  /// Opens the sets of the calling thread's network namespace.
  public static IpSets open() throws KernelException {
    return new IpSets(NetlinkSocket.open(Netlink.NETLINK_NETFILTER));
  }

  /// The versions of the interface that the kernel speaks; empty if it has no sets. It loads the
  /// module `ip_set` if it may.
  public Optional<Protocols> protocols() throws IOException {
    begin(Ipset.IPSET_CMD_PROTOCOL, 0).endMessage();
    Protocols[] found = {new Protocols(Ipset.IPSET_PROTOCOL, Ipset.IPSET_PROTOCOL)};
    Answer answer = requester.request(writer, message -> found[0] = SetReader.protocols(message));
    return switch (answer) {
      case Answer.Complete(), Answer.Interrupted() -> Optional.of(found[0]);
      // What netfilter says about a subsystem that is not there.
      case Answer.Refused(NetlinkError error) when error.is(Errno.EINVAL) -> Optional.empty();
      case Answer.Refused(NetlinkError error) -> throw refused("protocol version", error);
      case Answer.Missing(String reason) -> throw silence("protocol version", reason);
    };
  }

  /// All sets with their entries, sorted by name.
  public List<KernelSet> list() throws IOException {
    return dump(ALL);
  }

  /// One set with its entries; empty if there is none of this name.
  public Optional<KernelSet> find(String name) throws IOException {
    return dump(name).stream().findFirst();
  }

  /// Makes changes, in order, each by itself.
  ///
  /// @return how each ended, in order: [Answer.Complete], [Answer.Refused], or [Answer.Missing] if
  ///   that is not known
  /// @throws IOException if the socket fails: what the kernel did is unknown then
  public List<Answer> apply(Collection<? extends SetChange> changes) throws IOException {
    try {
      for (SetChange change : changes) {
        SetWriter.change(pipeline, change);
        pipeline.endRequest();
      }
      return pipeline.finish();
    } finally {
      pipeline.abandon();
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private List<KernelSet> dump(String name) throws IOException {
    SetReader reader = new SetReader();
    Answer answer = new Answer.Interrupted();
    for (int i = 0; i < ATTEMPTS && answer instanceof Answer.Interrupted; i++) {
      reader = new SetReader();
      // The kernel's sets say why a listing cannot be only to whom asks for acknowledgements.
      begin(Ipset.IPSET_CMD_LIST, Netlink.NLM_F_DUMP | Netlink.NLM_F_ACK);
      if (!name.isEmpty()) {
        writer.putString(Ipset.IPSET_ATTR_SETNAME, name);
      }
      writer.endMessage();
      answer = requester.dump(writer, reader::read);
    }
    String subject = name.isEmpty() ? "sets" : "set " + name;
    return switch (answer) {
      case Answer.Complete() -> reader.sets();
      case Answer.Interrupted() -> throw silence(subject, "interrupted each time");
      case Answer.Refused(NetlinkError error) when !name.isEmpty() && error.is(Errno.ENOENT) ->
          List.of();
      case Answer.Refused(NetlinkError error) -> throw refused(subject, error);
      case Answer.Missing(String reason) -> throw silence(subject, reason);
    };
  }

  private MessageWriter begin(int command, int flags) {
    writer
        .clear()
        .beginMessage(
            Nfnetlink.type(Nfnetlink.NFNL_SUBSYS_IPSET, command),
            Netlink.NLM_F_REQUEST | flags,
            requester.nextSequence());
    return SetWriter.header(writer);
  }

  private static IOException refused(String subject, NetlinkError error) {
    return new IOException("cannot read " + subject + ": " + SetError.describe(error));
  }

  private static IOException silence(String subject, String reason) {
    return new IOException("no answer about " + subject + ": " + reason);
  }
}
