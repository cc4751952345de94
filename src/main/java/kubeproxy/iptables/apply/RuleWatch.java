package kubeproxy.iptables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kubeproxy.iptables.apply.IptablesPort.RestoreEnd;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Table;
import kubeproxy.iptables.program.Target;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.kernel.nftables.Notifications;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Listens to the notifications of nf_tables and tells when somebody else changes chains of ours or
/// removes a jump into them, on a daemon thread of its own. For the nft variant of the tools only:
/// ip_tables notifies nobody.
public final class RuleWatch implements Closeable {
  /// From this many operations on, notifications are worth switching off: while anybody listens the
  /// kernel makes one of every rule.
  private static final int MANY_OPERATIONS = 1000;

  private static final int UNKNOWN = -1;

  private final Notifications notifications;
  private final NfnetlinkSession session;
  private final MessageWriter question = new MessageWriter();
  private final Attributes answer = new Attributes();
  private final Consumer<IpFamily> drift;
  private final Consumer<IOException> failure;
  private final OwnChanges own = new OwnChanges();
  private final Attributes attributes = new Attributes();
  private final Map<IpFamily, RuleReader> rules = new EnumMap<>(IpFamily.class);
  private Set<IpFamily> touched = EnumSet.noneOf(IpFamily.class);

  private RuleWatch(
      Notifications notifications,
      NfnetlinkSession session,
      Consumer<IpFamily> drift,
      Consumer<IOException> failure) {
    this.notifications = notifications;
    this.session = session;
    this.drift = drift;
    this.failure = failure;
    for (IpFamily family : IpFamily.values()) {
      rules.put(family, new RuleReader(family));
    }
  }

  /// Begins to listen in the network namespace of the calling thread.
  ///
  /// @param drift is told the family in which somebody else changed something, often several times
  /// @param failure is told if listening ended by itself
  public static RuleWatch start(Consumer<IpFamily> drift, Consumer<IOException> failure)
      throws IOException {
    NfnetlinkSession session = NfnetlinkSession.open(Nfnetlink.NFNL_SUBSYS_NFTABLES);
    Notifications notifications;
    try {
      notifications = Notifications.open(null);
    } catch (IOException e) {
      session.close();
      throw e;
    }
    RuleWatch watch = new RuleWatch(notifications, session, drift, failure);
    Thread.ofPlatform()
        .name("rule-watch")
        .daemon()
        .start(() -> notifications.listen(watch::read, watch::missed, failure));
    return watch;
  }

  /// Carries out an input without taking its changes for those of others. The sync thread only.
  RestoreEnd around(RestoreInput input, Supplier<RestoreEnd> restore) {
    try {
      return input.operations() < MANY_OPERATIONS ? heard(input, restore) : unheard(input, restore);
    } catch (IOException e) {
      if (!notifications.isClosed()) {
        failure.accept(e);
      }
      return new RestoreEnd.Unknown(e.toString());
    }
  }

  private RestoreEnd heard(RestoreInput input, Supplier<RestoreEnd> restore) throws IOException {
    own.begin(generation());
    RestoreEnd end = restore.get();
    own.end(generation(), transactions(input, end)).forEach(drift);
    return end;
  }

  /// Nobody listens, and the generation tells whether something was missed.
  private RestoreEnd unheard(RestoreInput input, Supplier<RestoreEnd> restore) throws IOException {
    int before = generation();
    notifications.pause();
    RestoreEnd end;
    try {
      end = restore.get();
    } finally {
      notifications.resume();
    }
    if (generation() - before != transactions(input, end)) {
      missed();
    }
    return end;
  }

  /// Every part of an input is a transaction.
  private static int transactions(RestoreInput input, RestoreEnd end) {
    return end instanceof RestoreEnd.Restored ? input.commits() : UNKNOWN;
  }

  private void missed() {
    for (IpFamily family : IpFamily.values()) {
      drift.accept(family);
    }
  }

  /// The generation of the kernel's rule set, of all tables together.
  private int generation() throws IOException {
    int[] found = new int[1];
    session.beginRequest(question, NFT_MSG_GETGEN, Nfnetlink.NFPROTO_UNSPEC).endMessage();
    session.request(question, message -> found[0] = generation(message, answer));
    return found[0];
  }

  private static int generation(MessageReader message, Attributes attributes) throws IOException {
    message.attributes(attributes, Nfnetlink.HEADER_BYTES);
    while (attributes.next()) {
      if (attributes.type() == NFTA_GEN_ID) {
        return attributes.u32Big();
      }
    }
    return 0;
  }

  /// Notifications of one transaction come together, and last that of the new generation.
  private void read(MessageReader notification) throws IOException {
    int message = Nfnetlink.message(notification.type());
    if (message == NFT_MSG_NEWGEN) {
      int generation = generation(notification, attributes);
      own.note(new OwnChanges.Transaction(generation, notification.portId(), touched))
          .forEach(drift);
      touched = EnumSet.noneOf(IpFamily.class);
      return;
    }
    for (IpFamily family : IpFamily.values()) {
      if (NfTablesReader.protocolNumber(family) == Nfnetlink.family(notification)
          && !touched.contains(family)
          && touches(notification, family)) {
        touched.add(family);
      }
    }
  }

  private boolean touches(MessageReader notification, IpFamily family) throws IOException {
    int message = Nfnetlink.message(notification.type());
    return switch (message) {
      case NFT_MSG_DELTABLE -> table(notification, NFTA_TABLE_NAME) != null;
      case NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN ->
          touchesChain(notification, message == NFT_MSG_DELCHAIN);
      case NFT_MSG_NEWRULE, NFT_MSG_DELRULE ->
          touchesRule(notification, message == NFT_MSG_DELRULE, family);
      default -> false;
    };
  }

  /// The table that the message names in an attribute, which is its first; null if it is none in
  /// which we have chains.
  private @Nullable Table table(MessageReader notification, int attribute) throws IOException {
    notification.attributes(attributes, Nfnetlink.HEADER_BYTES);
    String name = attributes.next() && attributes.type() == attribute ? attributes.string() : "";
    for (Table table : Table.values()) {
      if (table.text().equals(name)) {
        return table;
      }
    }
    return null;
  }

  private boolean touchesChain(MessageReader notification, boolean removed) throws IOException {
    Table table = table(notification, NFTA_CHAIN_TABLE);
    while (table != null && attributes.next()) {
      if (attributes.type() == NFTA_CHAIN_NAME) {
        String chain = attributes.string();
        return Layout.isOurs(table, chain) || (removed && Layout.isShared(table, chain));
      }
    }
    return false;
  }

  /// What others add to chains that are not ours alone is theirs, and what they remove from them
  /// too, unless it is a jump of ours.
  private boolean touchesRule(MessageReader notification, boolean removed, IpFamily family)
      throws IOException {
    Table table = table(notification, NFTA_RULE_TABLE);
    String chain = "";
    while (table != null && attributes.next()) {
      switch (attributes.type()) {
        case NFTA_RULE_CHAIN -> {
          chain = attributes.string();
          if (Layout.isOurs(table, chain)) {
            return true;
          }
        }
        case NFTA_RULE_EXPRESSIONS -> {
          RuleReader told = rules.get(family);
          Rule rule = told == null ? null : told.read(attributes);
          return removed && rule != null && isOfOurs(table, chain, rule);
        }
        default -> {}
      }
    }
    // newer kernels may tell of a rule that is gone no more than where it was
    return table != null && removed && Layout.isShared(table, chain);
  }

  private static boolean isOfOurs(Table table, String chain, Rule rule) {
    return switch (rule.target()) {
      case Target.Jump(String to) -> Layout.isOurs(table, to) || Layout.isShared(table, to);
      case Target.Drop() -> Layout.SHARED.contains(new Layout.Place(table, chain));
      default -> false;
    };
  }

  @Override
  public void close() throws IOException {
    try (session) {
      notifications.close();
    }
  }
}
