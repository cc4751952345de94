package kubeproxy.iptables.apply;

import java.io.IOException;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.program.SavedTables;

/// What the mode needs of a host, in one family. Used by the sync thread only.
public interface IptablesPort {

  /// Reads back what is installed.
  ///
  /// @throws IOException if it could not be read
  SavedTables observe() throws IOException;

  /// Carries out an input.
  RestoreEnd restore(RestoreInput input);

  /// How a restore ended.
  sealed interface RestoreEnd {

    /// All of it is installed.
    record Restored() implements RestoreEnd {}

    /// Something was refused: of the part in which it is nothing is installed, nor of those after
    /// it; the parts before it are.
    ///
    /// @param line counted from 1; 0 if the tool named none
    /// @param error what the tool said
    record Refused(int line, String error) implements RestoreEnd {}

    /// Others held the lock for too long; nothing is installed.
    record Locked(String error) implements RestoreEnd {}

    /// It is not known what is installed.
    record Unknown(String reason) implements RestoreEnd {}
  }
}
