package kubeproxy.iptables.diff;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// What `iptables-restore --noflush` is to read: each table, or each part of a large one, is
/// carried out whole or not at all, in order. Immutable.
public final class RestoreInput {
  private final byte[] bytes;
  private final int commits;
  private final int operations;
  private final int[] firstLines;
  private final List<Optional<ObjectKey>> owners;

  RestoreInput(
      byte[] bytes,
      int commits,
      int operations,
      int[] firstLines,
      List<Optional<ObjectKey>> owners) {
    this.bytes = bytes;
    this.commits = commits;
    this.operations = operations;
    this.firstLines = firstLines;
    this.owners = owners;
  }

  /// The text; not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  /// Number of parts that are carried out one after the other.
  public int commits() {
    return commits;
  }

  /// How many chains and rules are made, replaced or removed.
  public int operations() {
    return operations;
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return operations == 0;
  }

  /// The Service for which a line is, or null if it is for none.
  ///
  /// @param line counted from 1
  public @Nullable ObjectKey owner(int line) {
    int at = Arrays.binarySearch(firstLines, line);
    int index = at >= 0 ? at : -at - 2;
    return index < 0 ? null : owners.get(index).orElse(null);
  }

  /// All Services for which there are lines, sorted.
  public List<ObjectKey> owners() {
    return owners.stream().flatMap(Optional::stream).distinct().sorted().toList();
  }

  /// A line, or an empty text if there is no such line.
  ///
  /// @param number counted from 1
  public String line(int number) {
    int at = 0;
    for (int line = 1; line < number && at < bytes.length; at++) {
      line += bytes[at] == '\n' ? 1 : 0;
    }
    int end = at;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return number < 1 ? "" : new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  /// Whether a line adds a rule.
  ///
  /// @param number counted from 1
  public boolean addsRule(int number) {
    String line = line(number);
    return line.startsWith("-A ") || line.startsWith("-I ");
  }

  /// The whole text.
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
