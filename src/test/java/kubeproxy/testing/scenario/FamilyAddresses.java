package kubeproxy.testing.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Scenarios are written in IPv4. Run in IPv6, every address and prefix in them becomes its
/// counterpart in the topology: a whole address that has a name of its own there, or one whose last
/// numbers are kept behind the prefix that stands for its network.
final class FamilyAddresses {

  private static final Pattern IPV4 =
      Pattern.compile("(?<![0-9.:])[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+(/[0-9]+)?(?![0-9.])");

  private static final Map<String, String> WHOLE =
      Map.ofEntries(
          Map.entry("192.168.0.2", "2001:db8::1"),
          Map.entry("192.168.1.2", "2001:db8:1::2"),
          Map.entry("203.0.113.2", "2600:5200::1"),
          Map.entry("203.0.113.130", "2600:5200::130"),
          Map.entry("10.0.0.2", "fd00:10::2"),
          Map.entry("127.0.0.1", "::1"),
          Map.entry("1.2.3.4", "fd00:1:2:3::4"),
          Map.entry("5.6.7.8", "fd00:5:6:7::8"),
          Map.entry("9.10.11.12", "fd00:9:10:11::12"),
          Map.entry("0.0.0.0/0", "::/0"),
          Map.entry("127.0.0.0/8", "::1/128"),
          Map.entry("10.0.0.0/8", "fd00:10::/32"),
          Map.entry("10.0.0.0/24", "fd00:10::/64"),
          Map.entry("10.180.0.0/24", "fd00:10:180::/64"),
          Map.entry("172.30.0.0/16", "fd00:172:30::/64"),
          Map.entry("192.168.0.0/24", "2001:db8::/64"),
          Map.entry("192.168.1.0/24", "2001:db8:1::/64"),
          Map.entry("203.0.113.0/25", "2600:5200::/121"),
          Map.entry("203.0.113.0/24", "2600:5200::/64"));

  /// By the first three numbers of an address.
  private static final Map<String, String> NETWORKS = networks();

  private FamilyAddresses() {}

  private static Map<String, String> networks() {
    var networks = new LinkedHashMap<String, String>();
    networks.put("10.180.0.", "fd00:10:180::");
    networks.put("10.180.1.", "fd00:10:180:1::");
    networks.put("172.30.0.", "fd00:172:30::");
    networks.put("172.30.1.", "fd00:172:30::1:");
    networks.put("192.168.99.", "fd00:192:168:99::");
    return Map.copyOf(networks);
  }

  /// `text` with every IPv4 address or prefix turned into that of `family`, as well as the family's
  /// name in the Kubernetes API.
  ///
  /// @throws IllegalArgumentException if there is no counterpart
  static String translate(String text, IpFamily family) {
    if (family == IpFamily.IPV4) {
      return text;
    }
    Matcher matcher = IPV4.matcher(text.equals("IPv4") ? "IPv6" : text);
    return matcher.replaceAll(match -> counterpart(match.group()));
  }

  /// As [#translate(String, IpFamily)], for all texts of a tree of maps and lists.
  static @Nullable Object translate(@Nullable Object tree, IpFamily family) {
    return switch (tree) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> copy.put((String) key, translate(value, family)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(value -> copy.add(translate(value, family)));
        yield copy;
      }
      case String text -> translate(text, family);
      case null, default -> tree;
    };
  }

  private static String counterpart(String address) {
    String whole = WHOLE.get(address);
    if (whole != null) {
      return whole;
    }
    if (address.endsWith("/32")) {
      return counterpart(address.substring(0, address.length() - "/32".length())) + "/128";
    }
    int last = address.lastIndexOf('.') + 1;
    String network = NETWORKS.get(address.substring(0, last));
    if (network == null || address.contains("/")) {
      throw new IllegalArgumentException(address + " has no counterpart in IPv6");
    }
    return network + address.substring(last);
  }
}
