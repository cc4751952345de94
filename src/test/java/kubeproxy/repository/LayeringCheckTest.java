package kubeproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The layering check itself: what it lets pass and what it finds, on classes compiled here.
class LayeringCheckTest {
  private static final String RULES =
      """
      # A comment.
      capability clocks java.lang.System.nanoTime
          java.time.Clock
      capability files java.io. except java.io.IOException
      capability statics java.util.ArrayList
      kubeproxy.low
      kubeproxy.high -> kubeproxy.low
      kubeproxy.edge -> kubeproxy.*
          may clocks statics
      """;

  private static final String LOW = "package kubeproxy.low; public class Low {}";

  @TempDir Path folder;

  @Test
  void letsGrantedThingsPass() throws IOException {
    assertThat(
            violations(
                LOW,
                "package kubeproxy.high; class High { kubeproxy.low.Low low; }",
                """
                package kubeproxy.edge;
                class Edge {
                  static int count;
                  long now() throws java.io.IOException { return System.nanoTime(); }
                  kubeproxy.low.Low low;
                }
                """))
        .isEmpty();
  }

  @Test
  void findsAnArrowThatIsNotGranted() throws IOException {
    assertThat(
            violations(
                "package kubeproxy.high; public class High {}",
                "package kubeproxy.low; class Low { kubeproxy.high.High high; }"))
        .containsExactly(
            "kubeproxy.low may not refer to kubeproxy.high:"
                + " kubeproxy.low.Low refers to kubeproxy.high.High");
  }

  @Test
  void seesGenericSignatures() throws IOException {
    assertThat(
            violations(
                "package kubeproxy.high; public class High {}",
                "package kubeproxy.low; record Low(java.util.List<kubeproxy.high.High> all) {}"))
        .hasSize(1);
  }

  @Test
  void findsAnUnlistedPackage() throws IOException {
    assertThat(violations("package kubeproxy.surprise; class Surprise {}"))
        .containsExactly("kubeproxy.surprise is not listed");
  }

  @Test
  void findsAForbiddenMember() throws IOException {
    assertThat(violations("package kubeproxy.low; class Low { long now = System.nanoTime(); }"))
        .containsExactly(
            "kubeproxy.low may not use clocks:"
                + " kubeproxy.low.Low refers to java.lang.System.nanoTime");
  }

  @Test
  void findsAForbiddenMethodReference() throws IOException {
    assertThat(
            violations(
                """
                package kubeproxy.low;
                class Low { java.util.function.LongSupplier now = System::nanoTime; }
                """))
        .hasSize(1);
  }

  @Test
  void findsAForbiddenClassInADescriptor() throws IOException {
    assertThat(violations("package kubeproxy.low; interface Low { void f(java.io.File[] f); }"))
        .containsExactly(
            "kubeproxy.low may not use files: kubeproxy.low.Low refers to java.io.File");
  }

  @Test
  void findsMutableStatics() throws IOException {
    assertThat(
            violations(
                """
                package kubeproxy.low;
                class Low {
                  static int count;
                  static final java.util.ArrayList<String> ALL = new java.util.ArrayList<>();
                  static final String NAME = "low";
                }
                """))
        .containsExactly(
            "kubeproxy.low may not use statics: kubeproxy.low.Low.ALL is mutable",
            "kubeproxy.low may not use statics: kubeproxy.low.Low.count is mutable");
  }

  @Test
  void findsACycleOnce() throws IOException {
    assertThat(
            violations(
                "package kubeproxy.edge; public class Edge { kubeproxy.low.Low low; }",
                "package kubeproxy.low; public class Low { kubeproxy.edge.Edge edge; }"))
        .contains("package cycle: kubeproxy.edge -> kubeproxy.low -> kubeproxy.edge")
        .filteredOn(violation -> violation.startsWith("package cycle"))
        .hasSize(1);
  }

  @Test
  void refusesRulesThatNameTheUnknown() {
    assertThatThrownBy(() -> LayeringRules.parse("kubeproxy.low may fly\n"))
        .hasMessage("unknown capability fly");
    assertThatThrownBy(() -> LayeringRules.parse("kubeproxy.low -> kubeproxy.lower\n"))
        .hasMessage("unlisted package kubeproxy.lower");
    assertThatThrownBy(() -> LayeringRules.parse("kubeproxy.low kubeproxy.high\n"))
        .hasMessageStartingWith("expected -> or may");
  }

  private List<String> violations(String... sources) throws IOException {
    var classes = compile(sources).stream().map(ClassFacts::read).toList();
    return Layering.violations(LayeringRules.parse(RULES), classes);
  }

  private List<Path> compile(String... sources) throws IOException {
    var output = folder.resolve("classes");
    var arguments = new ArrayList<>(List.of("-proc:none", "-d", output.toString()));
    for (var source : sources) {
      var name = source.replaceAll("(?s).*?(?:class|record|interface) (\\w+).*", "$1");
      var file = Files.createTempDirectory(folder, "source").resolve(name + ".java");
      arguments.add(Files.writeString(file, source).toString());
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
    try (var files = Files.walk(output)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
