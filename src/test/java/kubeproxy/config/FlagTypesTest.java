package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.config.v1alpha1.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The types with their texts, which are those that Go programs answer with.
class FlagTypesTest {
  private static final String WRONG_QUANTITY =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  private static <T> T valid(FlagType<T> type, String text) {
    Parsed<T> parsed = type.parse(text, value(type, text), false);
    assertThat(parsed).as(text).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<T>) parsed).value();
  }

  /// Any value will do as the one before.
  private static <T> T value(FlagType<T> type, String text) {
    for (Flag<?> flag : ProxyFlags.TABLE.flags()) {
      if (flag.type().equals(type)) {
        @SuppressWarnings("unchecked")
        T found = (T) flag.defaultValue();
        return found;
      }
    }
    throw new AssertionError("no flag of this type for " + text);
  }

  private static <T> String reason(FlagType<T> type, String text) {
    Parsed<T> parsed = type.parse(text, value(type, text), false);
    assertThat(parsed).as(text).isInstanceOf(Parsed.Invalid.class);
    return ((Parsed.Invalid<T>) parsed).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "-0.5, -0.5",
    "+1., 1",
    ".25, 0.25",
    "1e3, 1000",
    "1E+6, 1e+06",
    "123456789, 1.2345679e+08",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "0.1, 0.1",
    "1_0.5_0, 10.5",
    "0x1p-2, 0.25",
    "0x_A.8P1, 21",
    "inf, +Inf",
    "-Infinity, -Inf",
    "NaN, NaN",
    "1e-99, 0",
    "-0, -0",
    "3.4028235e38, 3.4028235e+38"
  })
  void readsFloats(String text, String written) {
    float value = valid(FlagTypes.FLOAT32, text);
    assertThat(FlagTypes.FLOAT32.format(value)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " 1", "1f", "1d", "e3", ".", "1e", "1e+", "_1", "1_", "1__0", "1_.0", "0x1", "-nan",
        "infin", "0x.p1", "1,5"
      })
  void refusesWhatIsNoFloat(String text) {
    assertThat(reason(FlagTypes.FLOAT32, text))
        .isEqualTo("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
  }

  @Test
  void refusesFloatsThatAreTooLarge() {
    assertThat(reason(FlagTypes.FLOAT32, "-1e39"))
        .isEqualTo("strconv.ParseFloat: parsing \"-1e39\": value out of range");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "512, 512, 512",
    "1Ki, 1Ki, 1024",
    "1024, 1024, 1024",
    "1.5Gi, 1536Mi, 1610612736",
    "0.5Ki, 512, 512",
    "1000, 1k, 1000",
    "1.5, 1500m, 2",
    "2000k, 2M, 2000000",
    "12e6, 12e6, 12000000",
    "1E, 1E, 1000000000000000000",
    "9Ei, 9223372036854775807, 9223372036854775807",
    "1e99, 1e99, 9223372036854775807",
    "-1e99, -1e99, -9223372036854775807",
    "-5M, -5M, -5000000",
    "1n, 1n, 1",
    "0.1n, 1n, 1",
    "-0.1n, -1n, -1",
    ".5M, 500k, 500000",
    "Ki, 0, 0",
    ".5, 500m, 1",
    "., 0, 0",
    "+7, 7, 7"
  })
  void readsQuantities(String text, String written, long whole) {
    Quantity quantity = valid(FlagTypes.QUANTITY, text);
    assertThat(quantity).hasToString(written);
    assertThat(quantity.wholeValue()).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({"1K", "1kk", "1e", "1e+", "1ee5", "1Kib", "+-1", "1e99999"})
  void refusesWrongSuffixes(String text) {
    String expected = text.equals("1Kib") ? WRONG_QUANTITY : "unable to parse quantity's suffix";
    assertThat(reason(FlagTypes.QUANTITY, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "abc", "1x", "1 Ki", "1.2.3", "１"})
  void refusesWhatIsNoQuantity(String text) {
    assertThat(reason(FlagTypes.QUANTITY, text)).isEqualTo(WRONG_QUANTITY);
  }

  @Test
  void keepsQuantitiesExact() {
    assertThat(valid(FlagTypes.QUANTITY, "0.1").value())
        .isEqualByComparingTo(new BigDecimal("0.1"));
  }

  @Test
  void readsLevelsOfFiles() {
    List<ModuleLevel> levels = valid(FlagTypes.MODULE_LEVELS, ",Planner=4,,Sync*=0,");
    assertThat(levels).containsExactly(new ModuleLevel("Planner", 4), new ModuleLevel("Sync*", 0));
    assertThat(FlagTypes.MODULE_LEVELS.format(levels)).isEqualTo("Planner=4,Sync*=0");
    assertThat(valid(FlagTypes.MODULE_LEVELS, "")).isEmpty();
  }

  @Test
  void addsLevelsOfFiles() {
    List<String> arguments = List.of("--vmodule=a=1", "--vmodule", "b=2,c=3");
    FlagParser.Result result = FlagParser.parse(ProxyFlags.TABLE, arguments);
    assertThat(((FlagParser.Result.Parsed) result).values().get(LogFlags.VMODULE))
        .hasToString("[a=1, b=2, c=3]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a | \"a\" does not have the pattern=N format",
        "a=1,=2 | \"=2\" does not have the pattern=N format",
        "a= | \"a=\" does not have the pattern=N format",
        "a=1=2 | \"a=1=2\" does not have the pattern=N format",
        "a=x | parsing verbosity in \"a=x\": strconv.ParseUint: parsing \"x\": invalid syntax",
        "a=-1 | parsing verbosity in \"a=-1\": strconv.ParseUint: parsing \"-1\": invalid syntax",
        "a=2147483648 | parsing verbosity in \"a=2147483648\": strconv.ParseUint: parsing"
            + " \"2147483648\": value out of range"
      })
  void refusesWrongLevelsOfFiles(String text, String expected) {
    assertThat(reason(FlagTypes.MODULE_LEVELS, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"info, 0", "Warning, 1", "ERROR, 2", "fatal, 3", "0, 0", "3, 3", "-7, -7"})
  void readsSeverities(String text, int expected) {
    assertThat(valid(FlagTypes.SEVERITY, text)).isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNoSeverity() {
    assertThat(reason(FlagTypes.SEVERITY, "worse"))
        .isEqualTo("strconv.ParseInt: parsing \"worse\": invalid syntax");
    assertThat(reason(FlagTypes.SEVERITY, "2147483648"))
        .isEqualTo("strconv.ParseInt: parsing \"2147483648\": value out of range");
  }

  @Test
  void readsLocations() {
    assertThat(valid(FlagTypes.LOCATION, "file.go:12")).isEqualTo("file.go:12");
    assertThat(valid(FlagTypes.LOCATION, "")).isEqualTo(":0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file.go | syntax error: expect file.go:234",
        "file:1 | syntax error: expect file.go:234",
        "file.go:1:2 | syntax error: expect file.go:234",
        "file.go:x | syntax error: expect file.go:234",
        "file.go:0 | negative or zero value for level"
      })
  void refusesWhatIsNoLocation(String text, String expected) {
    assertThat(reason(FlagTypes.LOCATION, text)).isEqualTo(expected);
  }

  @Test
  void readsUnsignedNumbers() {
    assertThat(valid(FlagTypes.UINT64, "0x10")).isEqualTo(16);
    long largest = valid(FlagTypes.UINT64, "18446744073709551615");
    assertThat(FlagTypes.UINT64.format(largest)).isEqualTo("18446744073709551615");
    assertThat(reason(FlagTypes.UINT64, "-1")).isEqualTo("parse error");
    assertThat(reason(FlagTypes.UINT64, "18446744073709551616")).isEqualTo("value out of range");
  }

  @Test
  void readsSwitchesOfTheLog() {
    assertThat(valid(FlagTypes.KLOG_BOOL, "F")).isFalse();
    assertThat(FlagTypes.KLOG_BOOL.bareValue()).isEqualTo("true");
    assertThat(reason(FlagTypes.KLOG_BOOL, "yes")).isEqualTo("parse error");
  }

  @Test
  void readsReloadModes() {
    assertThat(valid(FlagTypes.RELOAD_MODE, "apply")).isEqualTo(ReloadMode.APPLY);
    assertThat(valid(FlagTypes.RELOAD_MODE, "exit")).isEqualTo(ReloadMode.EXIT);
    assertThat(reason(FlagTypes.RELOAD_MODE, "Exit"))
        .isEqualTo("\"Exit\" is neither apply nor exit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vx | could not parse \"vx\" as version",
        "v1.2 | illegal version string \"v1.2\"",
        "v1.02.3 | illegal zero-prefixed version component \"02\" in \"v1.02.3\"",
        "v1.2.3_x | could not parse pre-release/metadata (_x) in version \"v1.2.3_x\"",
        "v1.2.3-rc.01 | illegal zero-prefixed version component \"01\" in \"v1.2.3-rc.01\"",
        "v1.2.99999999999999999999 | illegal non-numeric version component"
            + " \"99999999999999999999\" in \"v1.2.99999999999999999999\": strconv.ParseUint:"
            + " parsing \"99999999999999999999\": value out of range"
      })
  void refusesWhatIsNoVersion(String text, String expected) {
    assertThat(reason(FlagTypes.VERSION, text)).isEqualTo(expected);
  }

  @Test
  void readsVersions() {
    assertThat(valid(FlagTypes.VERSION, "v1.36.2-rc.1+a.b"))
        .isEqualTo(new VersionRequest.Report("v1.36.2-rc.1+a.b"));
  }

  private static List<String> withoutEffect(String mode, boolean file, String... arguments) {
    FlagParser.Result result = FlagParser.parse(ProxyFlags.TABLE, List.of(arguments));
    FlagValues values = ((FlagParser.Result.Parsed) result).values();
    List<String> lines = new ArrayList<>();
    values.withoutEffect(mode, file).forEach(flag -> lines.add(flag.toString()));
    return lines;
  }

  @Test
  void tellsWhatHasNoEffect() {
    String[] arguments = {
      "--udp-timeout=1s",
      "--boot-id-file=x",
      "--iptables-masquerade-bit=1",
      "--ipvs-scheduler=rr",
      "--log-file=x",
      "--master=http://m",
      "--masquerade-all"
    };
    String boot = "--boot-id-file has no effect: a proxy reports no machine";
    assertThat(withoutEffect("nftables", false, arguments))
        .containsExactly(
            boot,
            "--iptables-masquerade-bit has no effect: it is for iptables, ipvs, and the mode is"
                + " nftables",
            "--ipvs-scheduler has no effect: it is for ipvs, and the mode is nftables",
            "--udp-timeout has no effect: it is for userspace, and the mode is nftables");
    assertThat(withoutEffect("userspace", false, arguments)).hasSize(3).doesNotContain("--udp");
    assertThat(withoutEffect("ipvs", true, arguments))
        .containsExactly(
            boot,
            "--iptables-masquerade-bit has no effect: the configuration file counts instead",
            "--ipvs-scheduler has no effect: the configuration file counts instead",
            "--masquerade-all has no effect: the configuration file counts instead",
            "--udp-timeout has no effect: the configuration file counts instead");
    assertThat(withoutEffect("iptables", false)).isEmpty();
  }
}
