package kubeproxy.config;

import java.util.Set;

/// One flag: an entry of the table.
///
/// @param name long name, without dashes in front
/// @param shorthand one letter, or 0 for none
/// @param defaultValue value when the flag is not given
/// @param text what is shown to people
/// @param effect when the flag counts
public record Flag<T>(
    String name, char shorthand, FlagType<T> type, T defaultValue, Text text, Effect effect) {

  /// What is shown to people, and when.
  ///
  /// @param group where in the help text
  /// @param help one or more sentences
  /// @param since the first Kubernetes release that has the flag, as `1.17`; `1.17` also stands for
  ///   anything earlier, empty for a flag of our own
  /// @param until the last release that has it; empty while it is there
  /// @param hidden whether the help text only names it
  /// @param deprecated what to do instead, printed when the flag is used; empty if it is not
  public record Text(
      FlagGroup group,
      String help,
      String since,
      String until,
      boolean hidden,
      String deprecated) {}

  /// When the flag counts.
  ///
  /// @param none why it never does, as a clause; empty if it does
  /// @param modes the modes in which it does, by the names that `--proxy-mode` takes; empty for all
  /// @param besidesFile whether it counts when there is a configuration file, which replaces all
  ///   other flags
  public record Effect(String none, Set<String> modes, boolean besidesFile) {
    static final Effect ALWAYS = new Effect("", Set.of(), false);

    public Effect {
      modes = Set.copyOf(modes);
    }
  }

  /// A flag without shorthand that is there since `since`, and whose value a configuration file
  /// replaces.
  static <T> Flag<T> of(
      FlagGroup group, String name, FlagType<T> type, T defaultValue, String since, String help) {
    Text text = new Text(group, help, since, "", false, "");
    return new Flag<>(name, (char) 0, type, defaultValue, text, Effect.ALWAYS);
  }

  /// The same flag with a one-letter name besides.
  Flag<T> shorthand(char letter) {
    return new Flag<>(name, letter, type, defaultValue, text, effect);
  }

  /// The same flag, which releases after this one no longer have.
  Flag<T> until(String release) {
    return withText(
        new Text(text.group, text.help, text.since, release, text.hidden, text.deprecated));
  }

  /// The same flag, only named by the help text and answered with advice when used.
  Flag<T> deprecated(String advice) {
    return withText(new Text(text.group, text.help, text.since, text.until, true, advice));
  }

  /// The same flag, accepted for the sake of old command lines.
  ///
  /// @param reason why it does nothing, as a clause
  Flag<T> withoutEffect(String reason) {
    return withText(new Text(text.group, text.help, text.since, text.until, true, text.deprecated))
        .withEffect(new Effect(reason, effect.modes, effect.besidesFile));
  }

  /// The same flag, which counts in these modes only.
  Flag<T> onlyIn(String... modes) {
    return withEffect(new Effect(effect.none, Set.of(modes), effect.besidesFile));
  }

  /// The same flag, which counts whether or not there is a configuration file.
  Flag<T> besidesFile() {
    return withEffect(new Effect(effect.none, effect.modes, true));
  }

  private Flag<T> withText(Text changed) {
    return new Flag<>(name, shorthand, type, defaultValue, changed, effect);
  }

  private Flag<T> withEffect(Effect changed) {
    return new Flag<>(name, shorthand, type, defaultValue, text, changed);
  }

  /// How error messages name it: `--name`, or `-n, --name`.
  String display() {
    return shorthand == 0 ? "--" + name : "-" + shorthand + ", --" + name;
  }
}
