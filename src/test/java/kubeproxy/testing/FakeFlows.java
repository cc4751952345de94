package kubeproxy.testing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kubeproxy.engine.Flow;
import kubeproxy.engine.FlowTable;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;

/// A table of UDP flows in memory.
public final class FakeFlows implements FlowTable<FakeFlows.Entry> {

  /// A flow; the number tells it from equal ones.
  public record Entry(
      int number,
      IpAddress originalDestination,
      int originalDestinationPort,
      IpAddress replySource,
      int replySourcePort)
      implements Flow {}

  private final Map<IpFamily, Map<Integer, Entry>> flows = new EnumMap<>(IpFamily.class);
  private final List<Listing> listings = new ArrayList<>();
  private int added;
  private int listed;
  private Deletion deletion = Deletion.DELETED;

  public FakeFlows() {
    for (IpFamily family : IpFamily.values()) {
      flows.put(family, new LinkedHashMap<>());
    }
  }

  /// Adds a flow from a client to `destination` that `source` answers, both as `address:port`.
  public Entry add(IpAddress destination, int port, IpAddress source, int sourcePort) {
    Entry entry = new Entry(added++, destination, port, source, sourcePort);
    of(destination.family()).put(entry.number(), entry);
    return entry;
  }

  /// The flows of a family.
  public List<Entry> entries(IpFamily family) {
    return List.copyOf(of(family).values());
  }

  /// How often it was listed.
  public int listed() {
    return listed;
  }

  /// How the next listings end; complete after these. Only a half is listed of those that are not.
  public void setListings(Listing... next) {
    listings.clear();
    listings.addAll(List.of(next));
  }

  /// What becomes of every deletion from now on.
  public void setDeletion(Deletion deletion) {
    this.deletion = deletion;
  }

  @Override
  public Listing forEachUdp(IpFamily family, Consumer<? super Entry> action) {
    listed++;
    Listing listing = listings.isEmpty() ? new Listing.Complete() : listings.removeFirst();
    int limit = of(family).size();
    if (!(listing instanceof Listing.Complete)) {
      limit /= 2;
    }
    Iterator<Entry> all = of(family).values().iterator();
    for (int count = 0; count < limit; count++) {
      action.accept(all.next());
    }
    return listing;
  }

  @Override
  public Deletion delete(Entry flow) {
    if (deletion != Deletion.DELETED) {
      return deletion;
    }
    return of(flow.originalDestination().family()).remove(flow.number(), flow)
        ? Deletion.DELETED
        : Deletion.ABSENT;
  }

  private Map<Integer, Entry> of(IpFamily family) {
    return flows.computeIfAbsent(family, _ -> new LinkedHashMap<>());
  }
}
