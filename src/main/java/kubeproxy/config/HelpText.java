package kubeproxy.config;

import java.util.List;
import java.util.stream.Collectors;

/// What `--help` prints: 80 columns, by purpose.
final class HelpText {
  private static final int WIDTH = 80;
  private static final int INDENT = 10;
  private static final char NO_BREAK = '\u00a0';

  private static final String INTRODUCTION =
      """
      kube-proxy makes the Services of a Kubernetes cluster reachable on this node.

      It writes rules into the kernel that send connections for a Service's cluster
      IPs, external IPs, load balancer IPs and node ports to one of its endpoints, and
      keeps them up to date. The rules stay when the process ends; the next one takes
      them over without breaking connections.

      Modes (--proxy-mode); all but the last need the CAP_NET_ADMIN capability:
        iptables    Chains in the tables nat, filter and mangle. Needs the programs
                    iptables and ip6tables, with -save and -restore.
        ipvs        Virtual servers of the kernel, on a device kube-ipvs0. Needs the
                    modules ip_vs, one for the scheduler, ip_set and dummy, and what
                    iptables needs.
        nftables    One table per IP family, named kube-proxy, changed in one atomic
                    step. Needs Linux 5.13, but no program.
        userspace   Connections pass through this process, and endpoints do not see
                    the client's address. Uses iptables, else nftables; without either
                    it serves the addresses and node ports that it can listen on.
      Blank is the best that this node can carry out: nftables, else iptables, else
      userspace. Asked for, ipvs falls back to iptables and iptables to userspace.

      Usage:
        kube-proxy [flags]

      Examples:
        As on a node of a cluster, all settings in a file that is followed:
          kube-proxy --config=/var/lib/kube-proxy/config.conf \\
              --hostname-override=node-1

        With flags alone, in the nftables mode:
          kube-proxy --kubeconfig=/etc/kube-proxy.conf --proxy-mode=nftables \\
              --cluster-cidr=10.244.0.0/16,fd00:10:244::/56

        Carry the Services in a folder, without an API server:
          kube-proxy --manifests=/etc/kube-proxy/services

        Ask whether it works; answers 200 once the rules are in the kernel:
          curl http://127.0.0.1:10256/healthz

        Leave no trace, whatever the mode was:
          kube-proxy --cleanup

      Flags, as --name=value or --name value. Durations are 250ms, 30s, 1h30m0s.
      """;

  private HelpText() {}

  static String of(FlagTable table) {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (FlagGroup group : FlagGroup.values()) {
      List<Flag<?>> flags = table.flags().stream().filter(flag -> shows(flag, group)).toList();
      if (!flags.isEmpty()) {
        text.append('\n').append(group.title()).append(":\n");
        flags.forEach(flag -> append(text, flag));
      }
    }
    String hidden =
        table.flags().stream()
            .filter(flag -> flag.text().hidden())
            .map(flag -> "--" + flag.name())
            .collect(Collectors.joining(", "));
    text.append("\nDeprecated, or accepted without effect:\n");
    wrap(text, hidden);
    return text.toString();
  }

  private static boolean shows(Flag<?> flag, FlagGroup group) {
    return flag.text().group() == group && !flag.text().hidden();
  }

  private static <T> void append(StringBuilder text, Flag<T> flag) {
    text.append(flag.shorthand() == 0 ? "      --" : "  -" + flag.shorthand() + ", --");
    text.append(flag.name());
    if (!flag.type().label().isEmpty()) {
      text.append(' ').append(flag.type().label());
    }
    if (!flag.type().bareValue().isEmpty() && !flag.type().label().isEmpty()) {
      text.append("[=").append(flag.type().bareValue()).append(']');
    }
    text.append('\n');
    wrap(text, flag.text().help() + defaultOf(flag));
  }

  private static <T> String defaultOf(Flag<T> flag) {
    String value = flag.type().format(flag.defaultValue());
    return switch (value) {
      case "", "false", "[]" -> "";
      default -> " (default" + NO_BREAK + value + ")";
    };
  }

  private static void wrap(StringBuilder text, String words) {
    int column = 0;
    for (String word : words.split(" ")) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        text.append('\n');
        column = 0;
      }
      if (column == 0) {
        text.repeat(' ', INDENT);
        column = INDENT;
      } else {
        text.append(' ');
        column++;
      }
      text.append(word.replace(NO_BREAK, ' '));
      column += word.length();
    }
    text.append('\n');
  }
}
