package kubeproxy.model;

import java.util.Locale;

/// A transport protocol that a Service port can have.
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;
  private final String lowerCase;

  Protocol(int number) {
    this.number = number;
    this.lowerCase = name().toLowerCase(Locale.ROOT);
  }

  /// The IANA protocol number, as in the IP header.
  public int number() {
    return number;
  }

  /// The spelling that packet filters use: `tcp`, `udp`, `sctp`.
  public String lowerCase() {
    return lowerCase;
  }
}
