package kubeproxy.model;

import org.jspecify.annotations.Nullable;

/// The text form of addresses: parsing as the Kubernetes proxies do, printing as RFC 5952 asks.
final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  static @Nullable IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
  }

  private static @Nullable Ipv4Address parseIpv4(String text) {
    int bits = 0;
    int from = 0;
    for (int octet = 0; octet < 4; octet++) {
      int dot = text.indexOf('.', from);
      boolean last = octet == 3;
      if (last != (dot < 0)) {
        return null;
      }
      int value = parseOctet(text, from, last ? text.length() : dot);
      if (value < 0) {
        return null;
      }
      bits = bits << 8 | value;
      from = dot + 1;
    }
    return new Ipv4Address(bits);
  }

  /// The value of decimal digits, leading zeros allowed, or -1.
  private static int parseOctet(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
      if (value > 255) {
        return -1;
      }
    }
    return from == to ? -1 : value;
  }

  private static @Nullable Ipv6Address parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = new int[GROUPS];
      return parseGroups(text, groups, 0) == GROUPS ? fromGroups(groups) : null;
    }
    int[] head = new int[GROUPS];
    int[] tail = new int[GROUPS];
    int headCount = gap == 0 ? 0 : parseGroups(text.substring(0, gap), head, 0);
    String rest = text.substring(gap + 2);
    int tailCount = rest.isEmpty() ? 0 : parseGroups(rest, tail, 0);
    if (headCount < 0 || tailCount < 0 || headCount + tailCount >= GROUPS) {
      return null;
    }
    // An embedded IPv4 address may only stand at the very end of the whole text.
    if (gap > 0 && text.lastIndexOf('.', gap) >= 0) {
      return null;
    }
    System.arraycopy(tail, 0, head, GROUPS - tailCount, tailCount);
    return fromGroups(head);
  }

  /// Reads colon-separated groups, the last of which may be an IPv4 address. Returns how many
  /// groups there were, or -1.
  private static int parseGroups(String text, int[] groups, int start) {
    int count = start;
    int from = 0;
    while (true) {
      int colon = text.indexOf(':', from);
      int to = colon < 0 ? text.length() : colon;
      if (colon < 0 && text.indexOf('.', from) >= 0) {
        return parseEmbeddedIpv4(text.substring(from), groups, count);
      }
      int group = parseGroup(text, from, to);
      if (group < 0 || count == GROUPS) {
        return -1;
      }
      groups[count++] = group;
      if (colon < 0) {
        return count;
      }
      from = colon + 1;
    }
  }

  private static int parseEmbeddedIpv4(String text, int[] groups, int count) {
    Ipv4Address embedded = parseIpv4(text);
    if (embedded == null || count > GROUPS - 2) {
      return -1;
    }
    groups[count] = embedded.bits() >>> 16;
    groups[count + 1] = embedded.bits() & 0xffff;
    return count + 2;
  }

  private static int parseGroup(String text, int from, int to) {
    if (to - from < 1 || to - from > 4) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 'f') {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static Ipv6Address fromGroups(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[4 + i];
    }
    return new Ipv6Address(high, low);
  }

  static String print(Ipv4Address address) {
    int bits = address.bits();
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }

  static String print(Ipv6Address address) {
    if (address.high() == 0 && address.low() >>> 32 == 0xffff) {
      return "::ffff:" + print(new Ipv4Address((int) address.low()));
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (address.high() >>> (48 - 16 * i)) & 0xffff;
      groups[4 + i] = (int) (address.low() >>> (48 - 16 * i)) & 0xffff;
    }
    return join(groups);
  }

  /// Joins the groups, replacing the first longest run of two or more zero groups by `::`.
  private static String join(int[] groups) {
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gapStart = i;
        gapLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == gapStart) {
        text.append("::");
        i += gapLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
