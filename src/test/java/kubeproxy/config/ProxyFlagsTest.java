package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table, flag by flag: what users may rely on. What each release has is in files, one a
/// release, `flags-*.tsv`.
class ProxyFlagsTest {
  private static final Pattern TAB = Pattern.compile("\t");

  /// A line of such a file.
  private record Row(String name, String label, String defaultValue) {

    static Row of(String line) {
      String[] cells = TAB.split(line, -1);
      assertThat(cells.length).as(line).isIn(3, 5);
      int last = cells.length - 1;
      return new Row(cells[0], cells[last - 1], cells[last]);
    }
  }

  private static List<Row> rows(String release) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            ProxyFlagsTest.class.getResourceAsStream("flags-" + release + ".tsv"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Row::of)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.17", "1.20", "1.36"})
  void hasEveryFlagOfTheRelease(String release) throws IOException {
    for (Row row : rows(release)) {
      Optional<Flag<?>> flag = ProxyFlags.TABLE.find(row.name());
      assertThat(flag).as(row.name()).isPresent();
      assertThat(rowOf(flag.get())).isEqualTo(row);
    }
  }

  private static <T> Row rowOf(Flag<T> flag) {
    return new Row(flag.name(), flag.type().label(), flag.type().format(flag.defaultValue()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.17", "1.20", "1.36"})
  void knowsWhichReleasesHaveAFlag(String release) throws IOException {
    TreeSet<String> there = new TreeSet<>();
    for (Flag<?> flag : ProxyFlags.TABLE.flags()) {
      Flag.Text text = flag.text();
      boolean begun = !text.since().isEmpty() && minor(text.since()) <= minor(release);
      if (begun && (text.until().isEmpty() || minor(release) <= minor(text.until()))) {
        there.add(flag.name());
      }
    }
    assertThat(there).containsExactlyElementsOf(rows(release).stream().map(Row::name).toList());
  }

  private static int minor(String release) {
    return Integer.parseInt(release.substring("1.".length()));
  }

  @Test
  void hasTwoFlagsOfItsOwn() {
    assertThat(ProxyFlags.TABLE.flags())
        .filteredOn(flag -> flag.text().since().isEmpty())
        .map(ProxyFlagsTest::rowOf)
        .containsExactly(
            new Row("config-reload", "ReloadMode", "apply"), new Row("manifests", "path", ""));
  }

  @Test
  void doesNotKnowFlagsForWindows() {
    assertThat(
            List.of(
                "windows-service",
                "source-vip",
                "network-name",
                "enable-dsr",
                "root-hnsendpoint-name",
                "forward-healthcheck-vip"))
        .allMatch(name -> ProxyFlags.TABLE.find(name).isEmpty());
  }

  @Test
  void hasTwoLetters() {
    assertThat(ProxyFlags.TABLE.flags())
        .filteredOn(flag -> flag.shorthand() != 0)
        .map(Flag::display)
        .containsExactly("-h, --help", "-v, --v");
  }

  @Test
  void explainsEveryFlag() {
    for (Flag<?> flag : ProxyFlags.TABLE.flags()) {
      assertThat(flag.text().help()).as(flag.name()).endsWith(".").hasSizeGreaterThan(20);
    }
  }

  @Test
  void hidesWhatIsDeprecatedOrDoesNothing() {
    assertThat(ProxyFlags.TABLE.flags())
        .allMatch(flag ->
            flag.text().hidden()
                == (!flag.text().deprecated().isEmpty() || !flag.effect().none().isEmpty()));
    assertThat(ProxyFlags.TABLE.flags())
        .filteredOn(flag -> flag.text().hidden())
        .map(Flag::name)
        .containsExactly(
            "healthz-port",
            "metrics-port",
            "cleanup-ipvs",
            "azure-container-registry-config",
            "boot-id-file",
            "machine-id-file");
  }

  @Test
  void knowsWhatCountsBesidesAConfigurationFile() {
    assertThat(ProxyFlags.TABLE.flags())
        .filteredOn(flag -> flag.effect().besidesFile() && flag.effect().none().isEmpty())
        .filteredOn(flag ->
            flag.text().group() != FlagGroup.LOG && flag.text().group() != FlagGroup.LOG_FILES)
        .map(Flag::name)
        .containsExactly(
            "config",
            "config-reload",
            "write-config-to",
            "master",
            "manifests",
            "hostname-override",
            "cleanup",
            "cleanup-ipvs",
            "init-only",
            "version",
            "help");
    assertThat(ProxyFlags.TABLE.flags())
        .filteredOn(flag ->
            flag.text().group() == FlagGroup.LOG || flag.text().group() == FlagGroup.LOG_FILES)
        .allMatch(flag -> flag.effect().besidesFile());
  }

  @Test
  void refusesTwoFlagsOfOneName() {
    List<Flag<?>> twice = List.of(ProcessFlags.HELP, ProcessFlags.HELP);
    assertThatThrownBy(() -> new FlagTable(twice)).hasMessageContaining("-h, --help");
  }
}
