package kubeproxy.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import kubeproxy.plan.ServicePortName;
import kubeproxy.relay.BackendChoice;
import kubeproxy.relay.ListenOutcome;
import kubeproxy.relay.ListenerSpec;
import kubeproxy.relay.PortChoice;
import kubeproxy.relay.Relay;
import kubeproxy.relay.RelayCounters;
import kubeproxy.relay.RelayListener;
import kubeproxy.relay.RelayPort;
import kubeproxy.relay.RelayUse;

/// A relay that relays nothing. As in the kernel, no two listeners of one protocol have the same
/// address and port, and one on all addresses has the port to itself.
public final class FakeRelay implements Relay {
  private static final int FIRST_FREE_PORT = 40_000;

  private final Map<Place, Listening> listening = new LinkedHashMap<>();
  private final Set<Place> foreign = new HashSet<>();
  private final Set<Protocol> unknown = new HashSet<>();
  private final List<Open> open = new ArrayList<>();
  private Consumer<Place> onClose = _ -> {};
  private int nextPort = FIRST_FREE_PORT;

  /// Where one can listen.
  public record Place(Protocol protocol, IpAddress address, int port) {

    /// As a backend of rules.
    public Backend backend() {
      return new Backend(address, port);
    }

    private boolean overlaps(Place other) {
      return protocol == other.protocol
          && port == other.port
          && (address.equals(other.address)
              || address.isUnspecified()
              || other.address.isUnspecified());
    }
  }

  /// Another process listens there.
  public void occupy(Place place) {
    foreign.add(place);
  }

  /// It does no longer.
  public void vacate(Place place) {
    foreign.remove(place);
  }

  /// The kernel has no such protocol.
  public void forget(Protocol protocol) {
    unknown.add(protocol);
  }

  /// Tells of every listener that is about to be closed.
  public void onClose(Consumer<Place> listener) {
    onClose = listener;
  }

  /// Who is listened for, and where.
  public Map<Place, ServicePortName> listeners() {
    Map<Place, ServicePortName> names = new LinkedHashMap<>();
    listening.forEach((place, listener) -> names.put(place, listener.port.name()));
    return names;
  }

  /// To whom connections to a place go; nobody listens there if that fails.
  public List<Backend> backends(Place place) {
    return choice(place).backends();
  }

  /// What connections to a place may choose from; nobody listens there if that fails.
  public BackendChoice choice(Place place) {
    Listening listener = listening.get(place);
    if (listener == null) {
      throw new AssertionError("nobody listens on " + place);
    }
    return listener.port.backends;
  }

  /// Number of Service ports that were opened and not closed.
  public int openPorts() {
    return open.size();
  }

  @Override
  public RelayPort open(ServicePortName name, BackendChoice backends) {
    Open port = new Open(name, backends);
    open.add(port);
    return port;
  }

  @Override
  public RelayUse use() {
    return new RelayUse(0, 0, 0);
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Open::close);
  }

  private final class Open implements RelayPort {
    private final ServicePortName name;
    private final List<Listening> own = new ArrayList<>();
    private BackendChoice backends;

    Open(ServicePortName name, BackendChoice backends) {
      this.name = name;
      this.backends = backends;
    }

    @Override
    public ServicePortName name() {
      return name;
    }

    @Override
    public void update(BackendChoice next) {
      if (!open.contains(this)) {
        throw new AssertionError(name + " is closed");
      }
      backends = next;
    }

    @Override
    public ListenOutcome listen(ListenerSpec spec) {
      if (unknown.contains(name.protocol())) {
        return new ListenOutcome.Unsupported(name.protocol(), "EPROTONOSUPPORT");
      }
      return switch (spec.port()) {
        case PortChoice.Exactly(int port) -> listen(spec.address(), port);
        case PortChoice.AnyFree() -> listen(spec.address(), nextPort++);
        case PortChoice.FromRange range -> {
          for (int port = range.first(); port < range.first() + range.size(); port++) {
            if (listen(spec.address(), port) instanceof ListenOutcome.Listening found) {
              yield found;
            }
          }
          yield new ListenOutcome.RangeExhausted(range);
        }
      };
    }

    private ListenOutcome listen(IpAddress address, int port) {
      Place place = new Place(name.protocol(), address, port);
      boolean taken =
          listening.keySet().stream().anyMatch(place::overlaps)
              || foreign.stream().anyMatch(place::overlaps);
      if (taken) {
        return new ListenOutcome.Conflict(address, port);
      }
      Listening listener = new Listening(place, this);
      listening.put(place, listener);
      own.add(listener);
      return new ListenOutcome.Listening(listener);
    }

    @Override
    public RelayCounters counters() {
      return RelayCounters.NONE;
    }

    @Override
    public void close() {
      List.copyOf(own).forEach(Listening::close);
      open.remove(this);
    }
  }

  private final class Listening implements RelayListener {
    private final Place place;
    private final Open port;

    Listening(Place place, Open port) {
      this.place = place;
      this.port = port;
    }

    @Override
    public IpAddress address() {
      return place.address();
    }

    @Override
    public int port() {
      return place.port();
    }

    @Override
    public void close() {
      if (listening.containsKey(place) && port.own.remove(this)) {
        onClose.accept(place);
        listening.remove(place);
      }
    }
  }
}
