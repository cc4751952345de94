package kubeproxy.nftables.diff;

import java.util.List;
import kubeproxy.model.IpFamily;

/// Changes that the kernel makes all at once or not at all. They are in an order in which nothing
/// is referred to before it exists or removed while it is referred to.
public record Transaction(IpFamily family, List<Operation> operations) {

  public Transaction {
    operations = List.copyOf(operations);
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return operations.isEmpty();
  }
}
