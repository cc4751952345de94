package kubeproxy.iptables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.program.ByteText;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.RuleText;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;

/// Reads back what `iptables-nft` wrote, from nf_tables itself and one family: chains with the
/// prefix that those of all proxies have, and those of the tables themselves. Costs what there is
/// of these, where `iptables-nft-save` takes time with the square of the number of all chains.
///
/// Chains are read one after the other, each as it is at one moment. Used by one thread.
public final class NfTablesReader {
  /// A chain may change while it is read, or others around it.
  private static final int ATTEMPTS = 10;

  /// That of chains of Kubernetes, whatever mode they are of.
  private static final String PREFIX = "KUBE-";

  private final NfnetlinkSession session;
  private final IpFamily family;
  private final RuleReader rules;
  private final RuleText text;
  private final Attributes attributes = new Attributes();
  private final ByteText read = new ByteText();
  private boolean understood = true;
  private int chains;

  /// @param session with the subsystem for nf_tables; stays the caller's
  NfTablesReader(NfnetlinkSession session, IpFamily family) {
    this.session = session;
    this.family = family;
    this.rules = new RuleReader(family);
    this.text = new RuleText(family);
  }

  /// What was read.
  ///
  /// @param understood whether there was no rule in a chain of a proxy alone that could not be told
  ///     as text; where there was, [SavedTables#UNTOLD] stands for it
  /// @param chains how many were read
  public record Reading(SavedTables tables, boolean understood, int chains) {}

  /// A chain of a table.
  private record Chain(String name, boolean builtIn) {}

  /// Reads everything in the network namespace of the calling thread.
  public static Reading readHost(IpFamily family) throws IOException {
    try (NfnetlinkSession session = NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_NFTABLES)) {
      return new NfTablesReader(session, family).read();
    }
  }

  /// Reads everything.
  Reading read() throws IOException {
    try (MessageWriter out = new MessageWriter()) {
      for (Table table : Table.values()) {
        read(out, table);
      }
    }
    SavedTables tables = SavedTables.parse(read.toBytes());
    if (tables == null) {
      throw new IOException("the rules of a chain were read in pieces");
    }
    return new Reading(tables, understood, chains);
  }

  private void read(MessageWriter out, Table table) throws IOException {
    List<Chain> found = chains(out, table);
    if (found.isEmpty()) {
      return;
    }
    read.add('*').add(table.text()).add('\n');
    for (Chain chain : found) {
      read.add(':').add(chain.name()).add(chain.builtIn() ? " ACCEPT [0:0]\n" : " - [0:0]\n");
    }
    for (Chain chain : found) {
      readRules(out, table, chain);
    }
    read.add("COMMIT\n");
    chains += found.size();
  }

  private List<Chain> chains(MessageWriter out, Table table) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Chain> found = new ArrayList<>();
      begin(out, NFT_MSG_GETCHAIN).putString(NFTA_CHAIN_TABLE, table.text()).endMessage();
      if (isWhole(session.dump(out, message -> noteChain(message, table, found)))) {
        return found;
      }
    }
    throw new IOException("the chains of table " + table.text() + " change all the time");
  }

  private MessageWriter begin(MessageWriter out, int message) {
    return session.beginDump(out, message, protocolNumber(family));
  }

  static int protocolNumber(IpFamily family) {
    return switch (family) {
      case IPV4 -> Nfnetlink.NFPROTO_IPV4;
      case IPV6 -> Nfnetlink.NFPROTO_IPV6;
    };
  }

  /// Whether all was read; not if it changed meanwhile.
  private static boolean isWhole(Answer answer) throws IOException {
    return switch (answer) {
      case Answer.Complete() -> true;
      case Answer.Interrupted() -> false;
      case Answer.Refused _, Answer.Missing _ -> throw new IOException(answer.toString());
    };
  }

  private void noteChain(MessageReader message, Table table, List<Chain> found) throws IOException {
    String of = "";
    String name = "";
    boolean builtIn = false;
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_CHAIN_TABLE -> of = attributes.string();
        case NFTA_CHAIN_NAME -> name = attributes.string();
        case NFTA_CHAIN_HOOK -> builtIn = true;
        default -> {}
      }
    }
    if (of.equals(table.text()) && (builtIn || name.startsWith(PREFIX))) {
      found.add(new Chain(name, builtIn));
    }
  }

  private void readRules(MessageWriter out, Table table, Chain chain) throws IOException {
    int before = read.length();
    String name = chain.name();
    boolean shared = chain.builtIn() || Layout.isShared(table, name);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      read.truncate(before);
      begin(out, NFT_MSG_GETRULE)
          .putString(NFTA_RULE_TABLE, table.text())
          .putString(NFTA_RULE_CHAIN, name)
          .endMessage();
      if (isWhole(session.dump(out, message -> readRule(message, name, !shared)))) {
        return;
      }
    }
    throw new IOException("chain " + name + " of table " + table.text() + " changes all the time");
  }

  private void readRule(MessageReader message, String chain, boolean ours) throws IOException {
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    boolean isHere = false;
    while (attributes.next()) {
      if (attributes.type() == NFTA_RULE_CHAIN) {
        isHere = attributes.string().equals(chain);
      } else if (attributes.type() == NFTA_RULE_EXPRESSIONS && isHere) {
        Rule rule = rules.read(attributes);
        if (rule != null) {
          text.write(read, "-A ", chain, rule);
        } else {
          read.add("-A ").add(chain).add(' ').add(SavedTables.UNTOLD).add('\n');
          understood &= !ours;
        }
        return;
      }
    }
  }
}
