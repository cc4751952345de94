package kubeproxy.nftables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MessageReader;
import kubeproxy.kernel.netlink.MessageVisitor;
import kubeproxy.kernel.netlink.MessageWriter;
import kubeproxy.kernel.nfnetlink.Nfnetlink;
import kubeproxy.kernel.nfnetlink.NfnetlinkSession;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Observed.ObservedChain;
import kubeproxy.nftables.diff.Observed.ObservedSet;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.Hook;
import kubeproxy.nftables.program.NamedSet;
import org.jspecify.annotations.Nullable;

/// Reads back what the kernel holds under the name of our table.
final class TableReader {
  /// Other programs may change their tables while we read; a reading between two changes is tried
  /// for this often.
  private static final int ATTEMPTS = 10;

  private final NfnetlinkSession session;
  private final MessageWriter out;
  private final IpFamily family;

  TableReader(NfnetlinkSession session, MessageWriter out, IpFamily family) {
    this.session = session;
    this.out = out;
    this.family = family;
  }

  /// Thrown when what was read cannot be trusted.
  static final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String reason) {
      super(reason);
    }
  }

  /// Reads everything but the elements of sets that packets fill.
  Observed read() throws IOException {
    String reason = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Reading reading = new Reading();
      Optional<String> trouble = reading.read();
      if (trouble.isEmpty()) {
        return reading.observed();
      }
      reason = trouble.get();
    }
    throw new UnreadableException(reason);
  }

  /// The generation of the kernel's rule set, of all tables together.
  int generation() throws IOException {
    Attributes attributes = new Attributes();
    int[] found = new int[1];
    session.beginRequest(out, NFT_MSG_GETGEN, Nfnetlink.NFPROTO_UNSPEC).endMessage();
    session.request(
        out,
        message -> {
          message.attributes(attributes, Nfnetlink.HEADER_BYTES);
          while (attributes.next()) {
            if (attributes.type() == NFTA_GEN_ID) {
              found[0] = attributes.u32Big();
            }
          }
        });
    return found[0];
  }

  /// Reads the elements of one set.
  List<Element> readElements(NamedSet set) throws IOException {
    String reason = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Element> elements = new ArrayList<>();
      Answer answer = dumpElements(set, elements);
      if (answer instanceof Answer.Complete) {
        return elements;
      }
      reason = answer.toString();
    }
    throw new UnreadableException(reason);
  }

  private Answer dumpElements(NamedSet set, List<Element> elements) throws IOException {
    beginDump(NFT_MSG_GETSETELEM)
        .putString(NFTA_SET_ELEM_LIST_TABLE, BatchWriter.TABLE)
        .putString(NFTA_SET_ELEM_LIST_SET, set.text())
        .endMessage();
    ElementReader reader = new ElementReader(set, elements);
    return session.dump(out, reader::read);
  }

  private MessageWriter beginDump(int message) {
    return session.beginDump(out, message, ExpressionWriter.protocolNumber(family));
  }

  /// One attempt.
  private final class Reading {
    private final Attributes attributes = new Attributes();
    private final Attributes inner = new Attributes();
    private final Map<String, @Nullable Hook> hooks = new HashMap<>();
    private final Map<String, List<Long>> rules = new HashMap<>();
    private final Map<NamedSet, Integer> sizes = new EnumMap<>(NamedSet.class);
    private final Map<NamedSet, List<Element>> elements = new EnumMap<>(NamedSet.class);
    private final Set<String> foreignSets = new HashSet<>();
    private boolean exists;

    /// What went wrong, if anything did.
    Optional<String> read() throws IOException {
      session
          .beginRequest(out, NFT_MSG_GETTABLE, ExpressionWriter.protocolNumber(family))
          .putString(NFTA_TABLE_NAME, BatchWriter.TABLE)
          .endMessage();
      Answer table = session.request(out, _ -> exists = true);
      if (table instanceof Answer.Refused(var error) && error.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      List<Answer> answers = new ArrayList<>();
      answers.add(table);
      answers.add(dump(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, this::chain));
      answers.add(dump(NFT_MSG_GETRULE, NFTA_RULE_TABLE, this::rule));
      answers.add(dump(NFT_MSG_GETSET, NFTA_SET_TABLE, this::set));
      if (foreignSets.isEmpty()) {
        for (NamedSet set : sizes.keySet()) {
          List<Element> read = new ArrayList<>();
          if (!set.isLearned()) {
            answers.add(dumpElements(set, read));
          }
          elements.put(set, read);
        }
      }
      return answers.stream()
          .filter(answer -> !(answer instanceof Answer.Complete))
          .map(Answer::toString)
          .findFirst();
    }

    private Answer dump(int message, int tableAttribute, MessageVisitor visitor)
        throws IOException {
      beginDump(message).putString(tableAttribute, BatchWriter.TABLE).endMessage();
      return session.dump(out, visitor);
    }

    Observed observed() {
      if (!exists) {
        return Observed.NOTHING;
      }
      Map<String, ObservedChain> chains = new HashMap<>();
      hooks.forEach((name, hook) ->
          chains.put(name, new ObservedChain(hook, rules.getOrDefault(name, List.of()))));
      Map<NamedSet, ObservedSet> sets = new EnumMap<>(NamedSet.class);
      sizes.forEach((set, size) ->
          sets.put(set, new ObservedSet(size, elements.getOrDefault(set, List.of()))));
      return new Observed(true, chains, sets, foreignSets);
    }

    private void chain(MessageReader message) throws IOException {
      String table = "";
      String name = "";
      String type = "";
      int number = -1;
      int priority = 0;
      message.attributes(attributes, Nfnetlink.HEADER_BYTES);
      while (attributes.next()) {
        switch (attributes.type()) {
          case NFTA_CHAIN_TABLE -> table = attributes.string();
          case NFTA_CHAIN_NAME -> name = attributes.string();
          case NFTA_CHAIN_TYPE -> type = attributes.string();
          case NFTA_CHAIN_HOOK -> {
            attributes.nested(inner);
            while (inner.next()) {
              if (inner.type() == NFTA_HOOK_HOOKNUM) {
                number = inner.u32Big();
              } else if (inner.type() == NFTA_HOOK_PRIORITY) {
                priority = inner.u32Big();
              }
            }
          }
          default -> {}
        }
      }
      if (table.equals(BatchWriter.TABLE)) {
        hooks.put(name, number < 0 ? null : new Hook(type, number, hookName(number), priority));
      }
    }

    private void rule(MessageReader message) throws IOException {
      String table = "";
      String chain = "";
      long fingerprint = 0;
      message.attributes(attributes, Nfnetlink.HEADER_BYTES);
      while (attributes.next()) {
        switch (attributes.type()) {
          case NFTA_RULE_TABLE -> table = attributes.string();
          case NFTA_RULE_CHAIN -> chain = attributes.string();
          case NFTA_RULE_USERDATA ->
              fingerprint = UserData.findNumber(attributes.bytes(), UserData.FINGERPRINT);
          default -> {}
        }
      }
      if (table.equals(BatchWriter.TABLE)) {
        rules.computeIfAbsent(chain, _ -> new ArrayList<>()).add(fingerprint);
      }
    }

    private void set(MessageReader message) throws IOException {
      SetDefinition found = new SetDefinition();
      message.attributes(attributes, Nfnetlink.HEADER_BYTES);
      while (attributes.next()) {
        found.read(attributes, inner);
      }
      if (!found.table.equals(BatchWriter.TABLE) || (found.flags & NFT_SET_ANONYMOUS) != 0) {
        return;
      }
      Optional<NamedSet> ours = NamedSet.named(found.name).filter(set -> found.isOf(set, family));
      if (ours.isPresent()) {
        sizes.put(ours.get(), found.size);
      } else {
        foreignSets.add(found.name);
      }
    }
  }

  private static String hookName(int number) {
    return switch (number) {
      case 0 -> "prerouting";
      case 1 -> "input";
      case 2 -> "forward";
      case 3 -> "output";
      case 4 -> "postrouting";
      default -> "hook " + number;
    };
  }

  /// How a set is declared.
  private static final class SetDefinition {
    private String table = "";
    private String name = "";
    private int flags;
    private int keyType;
    private int keyLength;
    private int dataType;
    private int dataLength;
    private int size;

    void read(Attributes attributes, Attributes inner) throws IOException {
      switch (attributes.type()) {
        case NFTA_SET_TABLE -> table = attributes.string();
        case NFTA_SET_NAME -> name = attributes.string();
        case NFTA_SET_FLAGS -> flags = attributes.u32Big();
        case NFTA_SET_KEY_TYPE -> keyType = attributes.u32Big();
        case NFTA_SET_KEY_LEN -> keyLength = attributes.u32Big();
        case NFTA_SET_DATA_TYPE -> dataType = attributes.u32Big();
        case NFTA_SET_DATA_LEN -> dataLength = attributes.u32Big();
        case NFTA_SET_DESC -> {
          attributes.nested(inner);
          while (inner.next()) {
            if (inner.type() == NFTA_SET_DESC_SIZE) {
              size = inner.u32Big();
            }
          }
        }
        default -> {}
      }
    }

    boolean isOf(NamedSet set, IpFamily family) {
      boolean sameKey =
          flags == SetLayout.flags(set)
              && keyType == SetLayout.type(set.key(), family)
              && keyLength == set.keyBytes(family);
      return sameKey
          && switch (set.valueKind()) {
            case NONE -> true;
            case VERDICT -> dataType == NFT_DATA_VERDICT;
            case BACKEND ->
                dataType == SetLayout.type(NamedSet.BACKEND_FIELDS, family)
                    && dataLength == set.valueBytes(family);
          };
    }
  }
}
