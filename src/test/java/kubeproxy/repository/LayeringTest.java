package kubeproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The main classes keep to `layering.txt`.
class LayeringTest {
  @Test
  void classesKeepToTheLayering() {
    var rules =
        LayeringRules.parse(
            Repository.read("src/test/resources/kubeproxy/repository/layering.txt"));
    var classes = Repository.mainClasses().stream().map(ClassFacts::read).toList();

    assertThat(classes).isNotEmpty();
    assertThat(Layering.violations(rules, classes)).isEmpty();
  }
}
