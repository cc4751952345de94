package kubeproxy.apidecode;

import kubeproxy.decode.Interner;

/// Keeps one copy of values that repeat, across all decoders that were given it: names of nodes,
/// namespaces and Services. Of a fixed size, and safe for use by several threads.
public final class ApiInterner {
  private final Interner values = new Interner();

  Interner values() {
    return values;
  }
}
