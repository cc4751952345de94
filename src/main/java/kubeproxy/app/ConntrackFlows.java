package kubeproxy.app;

import java.io.IOException;
import java.util.function.Consumer;
import kubeproxy.engine.FlowTable;
import kubeproxy.kernel.conntrack.ConntrackTable;
import kubeproxy.kernel.conntrack.Flow;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;

/// The kernel's connection tracking table, as the engine sees it.
final class ConntrackFlows implements FlowTable<ConntrackFlows.Entry>, AutoCloseable {

  /// One tracked flow.
  record Entry(Flow flow) implements kubeproxy.engine.Flow {

    @Override
    public IpAddress originalDestination() {
      return flow.original().destination();
    }

    @Override
    public int originalDestinationPort() {
      return flow.original().destinationPort();
    }

    @Override
    public IpAddress replySource() {
      return flow.reply().source();
    }

    @Override
    public int replySourcePort() {
      return flow.reply().sourcePort();
    }
  }

  private final ConntrackTable table;

  ConntrackFlows(ConntrackTable table) {
    this.table = table;
  }

  @Override
  public Listing forEachUdp(IpFamily family, Consumer<? super Entry> action) {
    try {
      return switch (table.forEachUdp(family, flow -> action.accept(new Entry(flow.toFlow())))) {
        case Answer.Complete() -> new Listing.Complete();
        case Answer.Interrupted() -> new Listing.Interrupted();
        case Answer.Missing(String reason) -> new Listing.Failed(reason);
        case Answer.Refused(var error) -> new Listing.Failed(error.toString());
      };
    } catch (IOException e) {
      return new Listing.Failed(e.toString());
    }
  }

  @Override
  public Deletion delete(Entry entry) {
    try {
      return switch (table.delete(entry.flow())) {
        case ConntrackTable.Deletion.Deleted() -> Deletion.DELETED;
        case ConntrackTable.Deletion.Absent() -> Deletion.ABSENT;
        case ConntrackTable.Deletion.Failed(_) -> Deletion.FAILED;
      };
    } catch (IOException e) {
      return Deletion.FAILED;
    }
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
