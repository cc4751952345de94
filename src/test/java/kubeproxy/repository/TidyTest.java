package kubeproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// This tree is tidy.
class TidyTest {
  private static final List<String> FILES = Repository.textFiles();

  @Test
  void layout() {
    assertThat(inEvery(_ -> true, Tidy::layout)).isEmpty();
  }

  @Test
  void bannedWords() {
    var bans = Repository.readList("banned.txt").stream().map(Tidy.Ban::parse).toList();

    assertThat(inEvery(_ -> true, (path, text) -> Tidy.bans(path, text, bans))).isEmpty();
  }

  @Test
  void linksLeadSomewhere() {
    Predicate<String> exists = path -> Files.exists(Repository.ROOT.resolve(path));

    assertThat(
            inEvery(path -> path.endsWith(".md"), (path, text) -> Tidy.links(path, text, exists)))
        .isEmpty();
  }

  @Test
  void packagesSayWhatTheyAre() {
    assertThat(inEvery(path -> path.endsWith("/package-info.java"), Tidy::packageInfo)).isEmpty();
  }

  @Test
  void everyPackageHasItsComment() {
    assertThat(Tidy.packagesWithoutInfo(FILES)).isEmpty();
  }

  @Test
  void filesAndMethodsAreShort() {
    var sources = new TreeMap<String, String>();
    FILES.stream()
        .filter(path -> path.endsWith(".java"))
        .forEach(path -> sources.put(path, Repository.read(path)));
    var exceptions = new TreeMap<String, Integer>();
    for (var line : Repository.readList("oversize.txt")) {
      var blank = line.indexOf(' ');
      exceptions.put(line.substring(0, blank), Integer.valueOf(line.substring(blank + 1)));
    }

    assertThat(Sizes.violations(Sizes.measure(sources), exceptions)).isEmpty();
  }

  private static List<String> inEvery(
      Predicate<String> which, BiFunction<String, String, List<String>> rule) {
    return FILES.stream()
        .filter(which)
        .flatMap(path -> rule.apply(path, Repository.read(path)).stream())
        .toList();
  }
}
