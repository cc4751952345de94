package kubeproxy.testing.net;

import kubeproxy.model.IpAddress;

/// What became of an attempt to reach something.
public sealed interface Verdict {

  /// Somebody answered.
  ///
  /// @param endpoint the address at which the packet was delivered
  /// @param port the port at which it was delivered
  /// @param source the client's address as the server sees it
  record Reached(IpAddress endpoint, int port, IpAddress source) implements Verdict {

    @Override
    public String toString() {
      return "reached " + endpoint.withPort(port) + ", which saw " + source;
    }
  }

  /// Refused at once: a TCP reset or "ICMP port unreachable".
  record Refused() implements Verdict {

    @Override
    public String toString() {
      return "refused";
    }
  }

  /// No answer in the time given.
  record Dropped() implements Verdict {

    @Override
    public String toString() {
      return "no answer";
    }
  }

  /// The network said that there is no way to get there.
  record Unreachable(String reason) implements Verdict {

    @Override
    public String toString() {
      return "unreachable: " + reason;
    }
  }
}
