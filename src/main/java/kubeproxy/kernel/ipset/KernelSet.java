package kubeproxy.kernel.ipset;

import java.util.List;

/// A set as it was read.
///
/// @param references rules and other sets that look into it; it cannot be destroyed while there are
///   any
/// @param entries in the order of the kernel, none for a [SetShape.Foreign]
public record KernelSet(String name, SetShape shape, int references, List<SetEntry> entries) {

  public KernelSet {
    entries = List.copyOf(entries);
  }
}
