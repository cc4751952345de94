package kubeproxy.kernel.ipset;

/// One change of the kernel's sets. Errors that say something about the sets are named
/// ([SetError]); any change can be refused with others. Every change of a set that is not there is
/// refused with `ENOENT`.
public sealed interface SetChange {

  /// The longest name of a set, in bytes.
  int NAME_LIMIT = 31;

  /// Makes an empty set. `EEXIST` if there is one of this name, whatever its shape.
  record Create(String set, SetShape shape) implements SetChange {}

  /// Adds an entry; one that is there already is no error. [SetError#FULL] if there is no room.
  record Add(String set, SetEntry entry) implements SetChange {}

  /// Removes an entry; one that is not there is no error.
  record Delete(String set, SetEntry entry) implements SetChange {}

  /// Removes all entries.
  record Flush(String set) implements SetChange {}

  /// Removes the set. [SetError#BUSY] if something refers to it.
  record Destroy(String set) implements SetChange {}

  /// [SetError#NEW_NAME_EXISTS] if there is a set of the new name, [SetError#REFERENCED] if
  /// something refers to the set.
  record Rename(String set, String newName) implements SetChange {}

  /// Each gets the other's entries, at once for everything that refers to them.
  /// [SetError#TYPE_MISMATCH] if their shapes differ, [SetError#NEW_NAME_EXISTS] if there is no
  /// second set.
  record Swap(String set, String other) implements SetChange {}
}
