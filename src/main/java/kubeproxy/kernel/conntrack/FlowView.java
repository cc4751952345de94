package kubeproxy.kernel.conntrack;

import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Ipv4Address;
import kubeproxy.model.Ipv6Address;

/// A flow while it is being visited. The same object is used for all flows of a walk, so whoever
/// wants to keep one takes [#toFlow]; nothing else here that returns a number allocates.
public final class FlowView {

  private final Attributes attributes = new Attributes();
  private final Attributes tuple = new Attributes();
  private final Attributes part = new Attributes();
  private final TupleView original = new TupleView();
  private final TupleView reply = new TupleView();
  private int status;
  private int zone;
  private int id;

  /// One direction of the flow while it is being visited.
  public static final class TupleView {

    private boolean ipv6;
    private int zone;
    private int protocol;
    private int sourcePort;
    private int destinationPort;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;

    /// 0 to 65535.
    public int sourcePort() {
      return sourcePort;
    }

    /// 0 to 65535.
    public int destinationPort() {
      return destinationPort;
    }

    /// A fresh object.
    public IpAddress source() {
      return address(sourceHigh, sourceLow);
    }

    /// A fresh object.
    public IpAddress destination() {
      return address(destinationHigh, destinationLow);
    }

    /// A copy that stays.
    public Flow.Tuple toTuple() {
      return new Flow.Tuple(source(), sourcePort, destination(), destinationPort);
    }

    private void clear() {
      ipv6 = false;
      zone = 0;
      protocol = 0;
      sourcePort = 0;
      destinationPort = 0;
      sourceHigh = 0;
      sourceLow = 0;
      destinationHigh = 0;
      destinationLow = 0;
    }

    private IpAddress address(long high, long low) {
      return ipv6 ? new Ipv6Address(high, low) : new Ipv4Address((int) low);
    }
  }

  /// The packets of the one who began, as they came.
  public TupleView original() {
    return original;
  }

  /// The answers, as they come: their source is who really answers.
  public TupleView reply() {
    return reply;
  }

  /// `IPS_…` flags.
  public int status() {
    return status;
  }

  /// A copy that stays.
  public Flow toFlow() {
    return new Flow(
        original.toTuple(), reply.toTuple(), status, zone != 0 ? zone : original.zone, id);
  }

  // IANA number of the transport protocol.
  int protocol() {
    return original.protocol;
  }

  void read(MessageReader message) throws MalformedMessageException {
    original.clear();
    reply.clear();
    status = 0;
    zone = 0;
    id = 0;
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case Ctnetlink.CTA_TUPLE_ORIG -> readTuple(original);
        case Ctnetlink.CTA_TUPLE_REPLY -> readTuple(reply);
        case Ctnetlink.CTA_STATUS -> status = attributes.u32Big();
        case Ctnetlink.CTA_ZONE -> zone = attributes.u16Big();
        case Ctnetlink.CTA_ID -> id = attributes.u32Big();
        default -> {}
      }
    }
  }

  private void readTuple(TupleView into) throws MalformedMessageException {
    attributes.nested(tuple);
    while (tuple.next()) {
      switch (tuple.type()) {
        case Ctnetlink.CTA_TUPLE_IP -> readAddresses(into);
        case Ctnetlink.CTA_TUPLE_PROTO -> readPorts(into);
        case Ctnetlink.CTA_TUPLE_ZONE -> into.zone = tuple.u16Big();
        default -> {}
      }
    }
  }

  private void readAddresses(TupleView into) throws MalformedMessageException {
    tuple.nested(part);
    while (part.next()) {
      switch (part.type()) {
        case Ctnetlink.CTA_IP_V4_SRC -> into.sourceLow = part.u32Big();
        case Ctnetlink.CTA_IP_V4_DST -> into.destinationLow = part.u32Big();
        case Ctnetlink.CTA_IP_V6_SRC -> {
          into.ipv6 = true;
          into.sourceHigh = part.u64Big(0);
          into.sourceLow = part.u64Big(8);
        }
        case Ctnetlink.CTA_IP_V6_DST -> {
          into.ipv6 = true;
          into.destinationHigh = part.u64Big(0);
          into.destinationLow = part.u64Big(8);
        }
        default -> {}
      }
    }
  }

  private void readPorts(TupleView into) throws MalformedMessageException {
    tuple.nested(part);
    while (part.next()) {
      switch (part.type()) {
        case Ctnetlink.CTA_PROTO_NUM -> into.protocol = part.u8();
        case Ctnetlink.CTA_PROTO_SRC_PORT -> into.sourcePort = part.u16Big();
        case Ctnetlink.CTA_PROTO_DST_PORT -> into.destinationPort = part.u16Big();
        default -> {}
      }
    }
  }
}
