package kubeproxy.app;

import java.io.IOException;
import java.util.Optional;
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

  private final Optional<ConntrackTable> table;
  private final String obstacle;

  private ConntrackFlows(Optional<ConntrackTable> table, String obstacle) {
    this.table = table;
    this.obstacle = obstacle;
  }

  /// Opens the table of the calling thread's network namespace. If the kernel lends none, every
  /// search fails, and nothing else does.
  static ConntrackFlows open() {
    try {
      return new ConntrackFlows(Optional.of(ConntrackTable.open()), "");
    } catch (IOException e) {
      return new ConntrackFlows(Optional.empty(), e.toString());
    }
  }

  @Override
  public Listing forEachUdp(IpFamily family, Consumer<? super Entry> action) {
    if (table.isEmpty()) {
      return new Listing.Failed(obstacle);
    }
    try {
      return switch (table
          .get()
          .forEachUdp(family, flow -> action.accept(new Entry(flow.toFlow())))) {
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
    if (table.isEmpty()) {
      return Deletion.FAILED;
    }
    try {
      return switch (table.get().delete(entry.flow())) {
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
    if (table.isPresent()) {
      table.get().close();
    }
  }
}
