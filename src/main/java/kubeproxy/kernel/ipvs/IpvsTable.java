package kubeproxy.kernel.ipvs;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.GenericNetlink;
import kubeproxy.kernel.netlink.MessageVisitor;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.netlink.Netlink;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.netlink.NetlinkPipeline;
import kubeproxy.kernel.netlink.NetlinkRequester;
import kubeproxy.kernel.netlink.NetlinkSocket;
import kubeproxy.kernel.netlink.NetlinkTransport;
import org.jspecify.annotations.Nullable;

/// The virtual servers of a network namespace. Used by one thread at a time; [#close] may come from
/// another.
///
/// Servers that catch packets by a firewall mark instead of an address are none of its business:
/// they are neither listed nor changed.
public final class IpvsTable implements Closeable {

  private final NetlinkTransport transport;
  private final int family;
  private final NetlinkRequester requester;
  private final NetlinkPipeline pipeline;
  private final MessageWriter writer = new MessageWriter();
  private final IpvsReader reader = new IpvsReader();

  /// @param transport to generic netlink; closed with this
  /// @param family number of the family `IPVS` there
  public IpvsTable(NetlinkTransport transport, int family) {
    this.transport = transport;
    this.family = family;
    this.requester = new NetlinkRequester(transport);
    this.pipeline = new NetlinkPipeline(transport, requester);
  }

  /// Opens the table of the calling thread's network namespace.
  ///
  /// @return empty if the kernel has no virtual servers, perhaps only because its module `ip_vs` is
  ///   not loaded
  public static Optional<IpvsTable> open() throws IOException {
    OptionalInt family = GenericNetlink.familyId(Ipvs.IPVS_GENL_NAME);
    if (family.isEmpty()) {
      return Optional.empty();
    }
    NetlinkTransport transport = NetlinkSocket.open(Netlink.NETLINK_GENERIC);
    return Optional.of(new IpvsTable(transport, family.getAsInt()));
  }

  /// What the kernel says of itself.
  public IpvsInfo info() throws IOException {
    begin(Ipvs.IPVS_CMD_GET_INFO, 0).endMessage();
    IpvsInfo[] info = {null};
    request("version", message -> info[0] = reader.info(message));
    return Objects.requireNonNull(info[0], "an answer without content");
  }

  /// All virtual servers with an address, of both families, in the order of the kernel.
  public List<VirtualServer> servers() throws IOException {
    begin(Ipvs.IPVS_CMD_GET_SERVICE, Netlink.NLM_F_DUMP).endMessage();
    List<VirtualServer> servers = new ArrayList<>();
    requireComplete(
        "virtual servers",
        requester.dump(
            writer,
            message -> {
              VirtualServer server = reader.server(message);
              if (server != null) {
                servers.add(server);
              }
            }));
    return servers;
  }

  /// The destinations of a virtual server, in the order of the kernel; empty as well if there is no
  /// such server.
  public List<DestinationUse> destinations(ServerAddress server) throws IOException {
    IpvsWriter.server(begin(Ipvs.IPVS_CMD_GET_DEST, Netlink.NLM_F_DUMP), server);
    writer.endMessage();
    List<DestinationUse> destinations = new ArrayList<>();
    MessageVisitor visitor =
        message -> {
          DestinationUse use = reader.destination(message, server.address().family());
          if (use != null) {
            destinations.add(use);
          }
        };
    requireComplete("destinations of " + server, requester.dump(writer, visitor));
    return destinations;
  }

  /// Makes changes, in order, each by itself.
  ///
  /// @return how each ended, in order: [Answer.Complete], [Answer.Refused], or [Answer.Missing] if
  ///   that is not known
  /// @throws IOException if the socket fails: what the kernel did is unknown then
  public List<Answer> apply(Collection<? extends IpvsChange> changes) throws IOException {
    try {
      for (IpvsChange change : changes) {
        MessageWriter request = pipeline.beginRequest(family, 0);
        IpvsWriter.change(request, change);
        pipeline.endRequest();
      }
      return pipeline.finish();
    } finally {
      pipeline.abandon();
    }
  }

  /// The timeouts in force.
  public Timeouts timeouts() throws IOException {
    begin(Ipvs.IPVS_CMD_GET_CONFIG, 0).endMessage();
    @Nullable Timeouts[] timeouts = {null};
    request("timeouts", message -> timeouts[0] = reader.timeouts(message));
    return Objects.requireNonNull(timeouts[0], "an answer without content");
  }

  /// Sets timeouts; those of 0 stay as they are.
  ///
  /// @return the kernel's error
  public Optional<NetlinkError> setTimeouts(Timeouts timeouts) throws IOException {
    begin(Ipvs.IPVS_CMD_SET_CONFIG, 0)
        .putU32Native(Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp())
        .putU32Native(Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin())
        .putU32Native(Ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp())
        .endMessage();
    return switch (requester.request(writer)) {
      case Answer.Complete(), Answer.Interrupted() -> Optional.empty();
      case Answer.Refused(NetlinkError error) -> Optional.of(error);
      case Answer.Missing(String reason) -> throw silence("timeouts", reason);
    };
  }

  /// Whether the kernel has a scheduler. It loads the module `ip_vs_…` of it if it may. Nothing
  /// else changes: asked for is an impossible virtual server, and the kernel looks for the
  /// scheduler before it notices.
  ///
  /// @throws IOException if that cannot be told: the impossible server is one of IPv6, which a
  ///   kernel built without it refuses for that alone (`EAFNOSUPPORT`)
  public boolean offers(String scheduler) throws IOException {
    if (scheduler.isEmpty() || scheduler.length() > Ipvs.SCHEDULER_NAME_LIMIT) {
      return false;
    }
    begin(Ipvs.IPVS_CMD_NEW_SERVICE, 0);
    IpvsWriter.impossibleServer(writer, scheduler);
    writer.endMessage();
    return switch (requester.request(writer)) {
      case Answer.Refused(NetlinkError error) when error.is(Errno.ENOENT) -> false;
      case Answer.Refused(NetlinkError error) when error.is(Errno.EINVAL) -> true;
      case Answer.Refused(NetlinkError error) ->
          throw new IOException("cannot find out about scheduler " + scheduler + ": " + error);
      case Answer.Complete(), Answer.Interrupted() ->
          throw new IOException("the kernel accepted an impossible virtual server");
      case Answer.Missing(String reason) -> throw silence("scheduler " + scheduler, reason);
    };
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private MessageWriter begin(int command, int flags) {
    writer.clear().beginMessage(family, Netlink.NLM_F_REQUEST | flags, requester.nextSequence());
    return GenericNetlink.header(writer, command, Ipvs.IPVS_GENL_VERSION);
  }

  private void request(String subject, MessageVisitor visitor) throws IOException {
    requireComplete(subject, requester.request(writer, visitor));
  }

  private static void requireComplete(String subject, Answer answer) throws IOException {
    switch (answer) {
      case Answer.Complete(), Answer.Interrupted() -> {}
      case Answer.Refused(NetlinkError error) ->
          throw new IOException("cannot read IPVS " + subject + ": " + error);
      case Answer.Missing(String reason) -> throw silence(subject, reason);
    }
  }

  private static IOException silence(String subject, String reason) {
    return new IOException("no answer about IPVS " + subject + ": " + reason);
  }
}
