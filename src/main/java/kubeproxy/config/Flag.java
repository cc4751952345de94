package kubeproxy.config;

/// One flag: an entry of the table.
///
/// @param name long name, without dashes in front
/// @param shorthand one letter, or 0 for none
/// @param defaultValue value when the flag is not given
/// @param text what is shown to people
public record Flag<T>(String name, char shorthand, FlagType<T> type, T defaultValue, Text text) {

  /// What is shown to people, and when.
  ///
  /// @param group where in the help text
  /// @param help one or more sentences
  /// @param since the first Kubernetes release that has the flag, as `1.17`; `1.17` also stands for
  ///   anything earlier, empty for a flag of our own
  /// @param until the last release that has it; empty while it is there
  /// @param hidden whether the help text leaves it out
  /// @param deprecated what to do instead, printed when the flag is used; empty if it is not
  public record Text(
      FlagGroup group,
      String help,
      String since,
      String until,
      boolean hidden,
      String deprecated) {}

  /// A flag without shorthand that is there since `since`.
  static <T> Flag<T> of(
      FlagGroup group, String name, FlagType<T> type, T defaultValue, String since, String help) {
    return new Flag<>(
        name, (char) 0, type, defaultValue, new Text(group, help, since, "", false, ""));
  }

  /// The same flag with a one-letter name besides.
  Flag<T> shorthand(char letter) {
    return new Flag<>(name, letter, type, defaultValue, text);
  }

  /// The same flag, left out of the help text and answered with advice when used.
  Flag<T> deprecated(String advice) {
    Text hidden = new Text(text.group, text.help, text.since, text.until, true, advice);
    return new Flag<>(name, shorthand, type, defaultValue, hidden);
  }

  /// How error messages name it: `--name`, or `-n, --name`.
  String display() {
    return shorthand == 0 ? "--" + name : "-" + shorthand + ", --" + name;
  }
}
