package kubeproxy.nftables.apply;

import java.util.stream.Collectors;
import kubeproxy.model.IpFamily;
import kubeproxy.nftables.diff.Operation;
import kubeproxy.nftables.diff.Transaction;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ProgramText;
import kubeproxy.nftables.program.Rule;

/// Operations in the words of the `nft` tool, for log lines and bug reports.
public final class OperationText {
  private OperationText() {}

  /// A transaction, one operation a line.
  public static String of(Transaction transaction) {
    return transaction.operations().stream()
        .map(operation -> of(transaction.family(), operation) + "\n")
        .collect(Collectors.joining());
  }

  /// One operation.
  public static String of(IpFamily family, Operation operation) {
    String table = (family == IpFamily.IPV4 ? "ip " : "ip6 ") + BatchWriter.TABLE;
    return switch (operation) {
      case Operation.AddTable() -> "add table " + table;
      case Operation.DeleteTable() -> "delete table " + table;
      case Operation.AddSet(var set, int size) ->
          "add set " + table + " " + set.text() + (size == 0 ? "" : " size " + size);
      case Operation.DeleteSet(var set) -> "delete set " + table + " " + set.text();
      case Operation.AddChain(String chain, _) -> "add chain " + table + " " + chain;
      case Operation.FlushChain(String chain) -> "flush chain " + table + " " + chain;
      case Operation.AddRules(String chain, var rules) ->
          rules.stream()
              .map(rule -> "add rule " + table + " " + chain + " " + text(family, rule))
              .collect(Collectors.joining("\n"));
      case Operation.DeleteChain(String chain) -> "delete chain " + table + " " + chain;
      case Operation.PutElement(_, Element element) ->
          element(family, "add element ", table, element);
      case Operation.RemoveElement(_, Element element) ->
          element(family, "delete element ", table, element);
      case Operation.PutSlot(_, var slots, int index) ->
          element(family, "add element ", table, ProgramText.slotElement(family, slots, index));
      case Operation.RemoveSlot(_, var slots, int index) ->
          element(family, "delete element ", table, ProgramText.slotElement(family, slots, index));
    };
  }

  private static String text(IpFamily family, Rule rule) {
    return ProgramText.rule(family, rule);
  }

  private static String element(IpFamily family, String verb, String table, Element element) {
    return verb
        + table
        + " "
        + element.set().text()
        + " { "
        + ProgramText.element(family, element)
        + " }";
  }
}
