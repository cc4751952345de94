package kubeproxy.config;

/// How the text of a flag is read and written.
///
/// @param <T> what it is read into
public interface FlagType<T> {

  /// The word that stands for the value in the help text; empty for switches.
  String label();

  /// Reads one occurrence on the command line.
  ///
  /// @param previous the value so far: of the occurrence before, or the default
  /// @param repeated whether there was an occurrence before; lists and maps then grow
  Parsed<T> parse(String text, T previous, boolean repeated);

  /// The value as one would type it.
  String format(T value);

  /// The value that the bare flag stands for, as text; empty if a value must follow.
  default String bareValue() {
    return "";
  }

  /// What a text turned out to be.
  sealed interface Parsed<T> {

    /// A value.
    record Valid<T>(T value) implements Parsed<T> {}

    /// None.
    ///
    /// @param reason why, to stand at the end of the error message
    record Invalid<T>(String reason) implements Parsed<T> {}
  }
}
