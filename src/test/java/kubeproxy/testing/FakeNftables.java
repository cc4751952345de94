package kubeproxy.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.PersistentMap;
import kubeproxy.nftables.apply.NftablesPort;
import kubeproxy.nftables.diff.Observed;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.ChainRules;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.FieldType;
import kubeproxy.nftables.program.Fragment;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Program;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;
import org.jspecify.annotations.Nullable;

/// nf_tables of one family in memory: transactions are carried out as a whole or not at all, and
/// refused for what the kernel refuses them for. It survives restarts of the proxy, can be changed
/// by others and can be told to fail.
public final class FakeNftables implements NftablesPort {
  private static final Set<String> BELIEF_WRONG = Set.of("ENOENT", "EEXIST", "EBUSY", "ENFILE");

  /// What happens to a commit.
  public enum Fault {
    NONE,
    /// Refused with `ENOMEM`, naming the first operation.
    REFUSE,
    /// Nothing was done, but the caller cannot know.
    UNKNOWN_BEFORE,
    /// Everything was done, but the caller cannot know.
    UNKNOWN_AFTER
  }

  private final IpFamily family;
  private final Set<ObjectKey> refused = new HashSet<>();
  private final List<Transaction> committed = new ArrayList<>();
  private IntFunction<Fault> faults = _ -> Fault.NONE;
  private FakeTable table;
  private boolean unreadable;
  private boolean unforgetting;
  private int commits;

  public FakeNftables(IpFamily family) {
    this.family = family;
    this.table = new FakeTable(family);
  }

  /// What happens to the first, second, ... commit from now on, counting from 1.
  public void setFaults(IntFunction<Fault> faults) {
    int before = commits;
    this.faults = commit -> faults.apply(commit - before);
  }

  /// Refuses every new element of this Service with `EINVAL` from now on.
  public void refuse(ObjectKey service) {
    refused.add(service);
  }

  /// Refuses no Service any longer.
  public void refuseNothing() {
    refused.clear();
  }

  /// Whether reading back fails from now on.
  public void setUnreadable(boolean fails) {
    unreadable = fails;
  }

  /// Whether removing what packets put in fails from now on.
  public void setUnforgetting(boolean fails) {
    unforgetting = fails;
  }

  /// All transactions carried out so far.
  public List<Transaction> committed() {
    return committed;
  }

  @Override
  public Observed observe() throws IOException {
    if (unreadable) {
      throw new IOException("unreadable");
    }
    return table.observe();
  }

  @Override
  public CommitResult commit(Transaction transaction) {
    if (transaction.family() != family || transaction.isEmpty()) {
      throw new AssertionError("not to be committed: " + transaction);
    }
    commits++;
    return switch (faults.apply(commits)) {
      case NONE -> transact(transaction);
      case REFUSE ->
          new CommitResult.Refused(
              List.of(
                  new RefusedOperation(transaction.operations().getFirst(), "ENOMEM", false, "")));
      case UNKNOWN_BEFORE -> new CommitResult.Unknown("lost before");
      case UNKNOWN_AFTER ->
          transact(transaction) instanceof CommitResult.Refused refusal
              ? refusal
              : new CommitResult.Unknown("lost after");
    };
  }

  private CommitResult transact(Transaction transaction) {
    FakeTable next = table.copy();
    List<RefusedOperation> errors = new ArrayList<>();
    Operation failed = null;
    for (Operation operation : transaction.operations()) {
      if (failed != null && travelTogether(failed, operation)) {
        continue;
      }
      String error = apply(next, operation);
      failed = error == null ? null : operation;
      if (error != null) {
        errors.add(new RefusedOperation(operation, error, BELIEF_WRONG.contains(error), ""));
      }
    }
    if (!errors.isEmpty()) {
      return new CommitResult.Refused(errors);
    }
    table = next;
    committed.add(transaction);
    return new CommitResult.Committed();
  }

  private @Nullable String apply(FakeTable next, Operation operation) {
    ObjectKey owner = operation.owner();
    boolean adds =
        operation instanceof Operation.PutElement || operation instanceof Operation.PutSlot;
    if (adds && owner != null && refused.contains(owner)) {
      return "EINVAL";
    }
    try {
      next.apply(operation);
      return null;
    } catch (FakeTable.Refused e) {
      return e.getMessage();
    }
  }

  /// Elements of the same set are in one message, of which only the first error is told.
  private static boolean travelTogether(Operation one, Operation other) {
    return switch (one) {
      case Operation.PutElement(_, var element) -> set(other, true) == element.set();
      case Operation.PutSlot(_, var slots, _) -> set(other, true) == slots.set();
      case Operation.RemoveElement(_, var element) -> set(other, false) == element.set();
      case Operation.RemoveSlot(_, var slots, _) -> set(other, false) == slots.set();
      default -> false;
    };
  }

  private static @Nullable NamedSet set(Operation operation, boolean put) {
    return switch (operation) {
      case Operation.PutElement(_, var element) when put -> element.set();
      case Operation.PutSlot(_, var slots, _) when put -> slots.set();
      case Operation.RemoveElement(_, var element) when !put -> element.set();
      case Operation.RemoveSlot(_, var slots, _) when !put -> slots.set();
      default -> null;
    };
  }

  @Override
  public List<Element> learned(NamedSet set) throws IOException {
    if (unreadable) {
      throw new IOException("unreadable");
    }
    FakeTable.Members members = table.sets().get(set);
    if (members == null) {
      throw new IOException("ENOENT");
    }
    return List.copyOf(members.elements().values());
  }

  @Override
  public void forget(List<Element> elements) throws IOException {
    if (unforgetting) {
      throw new IOException("unforgetting");
    }
    elements.forEach(element -> lose(element.set(), element.key()));
  }

  @Override
  public void close() {}

  /// A packet, or someone else, puts an element in; nothing happens if the kernel refuses it.
  public void gain(Element element) {
    try {
      table.put(element);
    } catch (FakeTable.Refused e) {
      // Not now, then.
    }
  }

  /// Someone else removes an element.
  public void lose(NamedSet set, Key key) {
    FakeTable.Members members = table.sets().get(set);
    if (members != null) {
      members.elements().remove(key);
    }
  }

  /// Someone else removes the rules of a chain.
  public void flush(String chain) {
    FakeTable.Chain found = table.chains().get(chain);
    if (found != null) {
      found.rules().clear();
    }
  }

  /// Someone else puts a rule at the beginning of a chain.
  public void gainRule(String chain, Rule rule) {
    table.addForeignRule(chain, rule);
  }

  /// Someone else adds a chain.
  public void gainChain(String chain) {
    drift(new Operation.AddChain(chain, null));
  }

  /// Someone else adds a set that is none of ours.
  public void gainSet(String name) {
    table.addForeignSet(name);
  }

  /// Someone else removes the table.
  public void loseTable() {
    drift(new Operation.DeleteTable());
  }

  private void drift(Operation operation) {
    try {
      table.apply(operation);
    } catch (FakeTable.Refused e) {
      // Not now, then.
    }
  }

  /// Whether there is a table.
  public boolean exists() {
    return table.exists();
  }

  /// Names of the chains.
  public Set<String> chains() {
    return new TreeSet<>(table.chains().keySet());
  }

  /// The elements of a set, sorted.
  public List<Element> elements(NamedSet set) {
    FakeTable.Members members = table.sets().get(set);
    return members == null ? List.of() : List.copyOf(members.elements().values());
  }

  /// How many elements a set can hold.
  public int size(NamedSet set) {
    FakeTable.Members members = table.sets().get(set);
    return members == null ? 0 : members.size();
  }

  /// All of it, as the text of a program.
  public String dump() {
    return print(table.chains().keySet(), elements(false));
  }

  /// What matters to packets, as the text of a program: without chains that nothing leads to, and
  /// with the slots of a Service in the order of their backends, if they are numbered from 0. Equal
  /// for two tables that do the same.
  public String content() {
    return print(table.reachable(), elements(true));
  }

  private String print(Set<String> chains, List<Element> elements) {
    List<ChainRules> rules = new ArrayList<>();
    table
        .chains()
        .forEach((name, chain) -> {
          if (chains.contains(name)) {
            rules.add(new ChainRules(name, chain.hook(), chain.rules()));
          }
        });
    Fragment all = new Fragment(elements, List.of(), Set.of());
    return ProgramText.print(
        new Program(family, rules, all, PersistentMap.<ObjectKey, Fragment>empty()),
        _ -> List.of());
  }

  private List<Element> elements(boolean canonical) {
    List<Element> all = new ArrayList<>();
    table
        .sets()
        .forEach((set, members) -> {
          List<Element> bare = members.elements().values().stream().map(FakeTable::bare).toList();
          all.addAll(canonical && set.hasSlots() ? canonicalSlots(set, bare) : bare);
        });
    return all;
  }

  private List<Element> canonicalSlots(NamedSet set, List<Element> elements) {
    int prefixLength = set.keyBytes(family) - FieldType.REGISTER_BYTES;
    Map<Key, TreeMap<Integer, ElementValue.Data>> byPrefix = new TreeMap<>();
    for (Element element : elements) {
      if (element.value() instanceof ElementValue.Data data) {
        byPrefix
            .computeIfAbsent(element.key().prefix(prefixLength), _ -> new TreeMap<>())
            .put(element.key().trailingIndex(), data);
      }
    }
    List<Element> result = new ArrayList<>();
    byPrefix.forEach((prefix, slots) -> {
      List<ElementValue.Data> values = new ArrayList<>(slots.values());
      if (slots.firstKey() == 0 && slots.lastKey() == slots.size() - 1) {
        values.sort(Comparator.comparing(ElementValue.Data::bytes));
      }
      int next = 0;
      for (int index : slots.keySet()) {
        result.add(Element.of(set, prefix.withIndex(index), values.get(next++)));
      }
    });
    return result;
  }
}
