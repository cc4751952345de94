package kubeproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The tidiness checks themselves: each finds what it is there for.
class TidyCheckTest {
  @Test
  void findsLayoutMistakes() {
    var text = "fine\nblank \n\ttab\n" + "x".repeat(101) + "\nimport " + "x".repeat(101) + ";";

    assertThat(Tidy.layout("A.java", text))
        .containsExactly(
            "A.java:2 ends with a blank",
            "A.java:3 contains a tab",
            "A.java:4 is longer than 100 columns",
            "A.java does not end with a line break");
  }

  @Test
  void leavesTabsAndLongLinesToOtherFormats() {
    assertThat(Tidy.layout("a.md", "\ttab\n" + "x".repeat(101) + "\n")).isEmpty();
  }

  @Test
  void findsBannedWordsInTheFilesTheyAreBannedFrom() {
    var bans = List.of(Tidy.Ban.parse("* \\bbad\\b"), Tidy.Ban.parse(".md  worse"));

    assertThat(Tidy.bans("a.md", "bad\nbadly worse\n", bans))
        .containsExactly("a.md:1 contains bad", "a.md:2 contains worse");
    assertThat(Tidy.bans("check", "badly worse\n", bans)).isEmpty();
  }

  @Test
  void findsDeadLinks() {
    var text =
        """
        [here](b.md) [up](../check) [part](b.md#part) [self](#part) [far](https://example.org/x)
        [dead](c.md)
        ```
        [shown](d.md)
        ```
        """;

    assertThat(Tidy.links("docs/a.md", text, Set.of("docs/b.md", "docs/../check")::contains))
        .containsExactly("docs/a.md links to c.md, which does not exist");
  }

  @Test
  void findsPackagesThatSayNothing() {
    assertThat(Tidy.packageInfo("p/package-info.java", "/// Docs.\n@NullMarked\npackage p;\n"))
        .isEmpty();
    assertThat(Tidy.packageInfo("p/package-info.java", "package p;\n")).hasSize(2);
  }

  @Test
  void findsPackagesWithoutInfo() {
    assertThat(
            Tidy.packagesWithoutInfo(
                List.of(
                    "src/main/java/p/A.java",
                    "src/main/java/p/package-info.java",
                    "src/test/java/p/ATest.java",
                    "src/test/java/p/q/BTest.java")))
        .containsExactly("p/q");
  }

  @Test
  void measuresFilesAndTheLongestMethodOfAName() {
    var text =
        """
        class A {
          A() {}

          /// Not part of the length.
          @Deprecated
          void f() {
            g();
          }

          void f(int x) {}
        }
        """;

    assertThat(Sizes.measure(Map.of("p/A.java", text)))
        .isEqualTo(Map.of("p/A.java", 11, "p/A.java#<init>", 1, "p/A.java#f", 4));
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(Sizes.violations(Map.of("A.java", 400, "A.java#f", 70), Map.of())).isEmpty();
    assertThat(Sizes.violations(Map.of("A.java", 401), Map.of()))
        .containsExactly("A.java has 401 lines; the limit is 400");
    assertThat(Sizes.violations(Map.of("A.java#f", 71), Map.of()))
        .containsExactly("A.java#f has 71 lines; the limit is 70");
  }

  @Test
  void exceptionsOnlyShrink() {
    var exceptions = Map.of("A.java", 500);

    assertThat(Sizes.violations(Map.of("A.java", 500), exceptions)).isEmpty();
    assertThat(Sizes.violations(Map.of("A.java", 501), exceptions))
        .containsExactly("A.java has 501 lines; the limit is 500");
    assertThat(Sizes.violations(Map.of("A.java", 499), exceptions))
        .containsExactly("A.java now has 499 lines: update its exception");
  }
}
