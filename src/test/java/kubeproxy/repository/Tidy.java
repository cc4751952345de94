package kubeproxy.repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Rules about the text of one file. Each returns a sentence per violation.
final class Tidy {
  static final int MAX_COLUMNS = 100;

  private static final String TEXT_BLOCK = "\"\"\"";

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)(?:#[^)\\s]*)?\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  private static final Pattern JAVA_SOURCE =
      Pattern.compile("src/\\w+/java/(?<package>.+)/(?<file>[^/]+)\\.java");

  private Tidy() {}

  /// Something that must not appear.
  ///
  /// @param suffix end of the names of the files it is about; empty for every file
  record Ban(String suffix, Pattern pattern) {

    /// Reads a line like `.md \bFIXME\b`; `*` stands for every file.
    static Ban parse(String line) {
      var blank = line.indexOf(' ');
      var suffix = line.substring(0, blank);
      return new Ban(
          suffix.equals("*") ? "" : suffix, Pattern.compile(line.substring(blank).strip()));
    }
  }

  static List<String> layout(String path, String text) {
    var violations = new ArrayList<String>();
    var isJava = path.endsWith(".java");
    var inTextBlock = new AtomicBoolean();
    eachLine(
        path,
        text,
        (where, line) -> {
          if (!line.equals(line.stripTrailing())) {
            violations.add(where + " ends with a blank");
          }
          if (isJava && line.contains("\t")) {
            violations.add(where + " contains a tab");
          }
          // A table in a text block is read by its columns; breaking its rows would hide them.
          boolean exempt = inTextBlock.get() || line.startsWith("import ");
          if (isJava && line.length() > MAX_COLUMNS && !exempt) {
            violations.add(where + " is longer than " + MAX_COLUMNS + " columns");
          }
          if (line.split(TEXT_BLOCK, -1).length % 2 == 0) {
            inTextBlock.set(!inTextBlock.get());
          }
        });
    if (!text.isEmpty() && !text.endsWith("\n")) {
      violations.add(path + " does not end with a line break");
    }
    return violations;
  }

  static List<String> bans(String path, String text, List<Ban> bans) {
    var violations = new ArrayList<String>();
    eachLine(
        path,
        text,
        (where, line) -> {
          for (var ban : bans) {
            var found = ban.pattern().matcher(line);
            if (path.endsWith(ban.suffix()) && found.find()) {
              violations.add(where + " contains " + found.group().strip());
            }
          }
        });
    return violations;
  }

  /// @param exists tells whether there is a file or folder of that path, relative to the root
  static List<String> links(String path, String text, Predicate<String> exists) {
    var folder = path.substring(0, path.lastIndexOf('/') + 1);
    return LINK.matcher(FENCED.matcher(text).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .filter(target -> !ELSEWHERE.matcher(target).matches())
        .filter(target -> !exists.test(folder + target))
        .map(target -> path + " links to " + target + ", which does not exist")
        .toList();
  }

  static List<String> packageInfo(String path, String text) {
    var violations = new ArrayList<String>();
    if (!text.startsWith("///")) {
      violations.add(path + " does not begin with a /// comment saying what the package is");
    }
    if (!text.contains("\n@NullMarked\n")) {
      violations.add(path + " is not @NullMarked");
    }
    return violations;
  }

  /// Names the packages that have classes but no `package-info.java`. A test package of the same
  /// name as a main package shares that one's.
  static Set<String> packagesWithoutInfo(Collection<String> paths) {
    var missing = new TreeSet<String>();
    var documented = new TreeSet<String>();
    for (var path : paths) {
      var source = JAVA_SOURCE.matcher(path);
      if (source.matches()) {
        var set = source.group("file").equals("package-info") ? documented : missing;
        set.add(source.group("package"));
      }
    }
    missing.removeAll(documented);
    return missing;
  }

  private interface LineRule {
    void check(String where, String line);
  }

  private static void eachLine(String path, String text, LineRule rule) {
    var number = 0;
    for (var line : text.lines().toList()) {
      number++;
      rule.check(path + ":" + number, line);
    }
  }
}
