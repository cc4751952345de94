package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import kubeproxy.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagParserTest {
  private static final Flag<Boolean> SWITCH = flag("a-switch", FlagTypes.BOOL, false);
  private static final Flag<Boolean> BOTH = flag("both", FlagTypes.BOOL, false).shorthand('b');
  private static final Flag<String> TEXT = flag("some-text", FlagTypes.STRING, "default");
  private static final Flag<Integer> NUMBER = flag("number", FlagTypes.INT32, 1);
  private static final Flag<Integer> LEVEL = flag("v", FlagTypes.LEVEL, 0).shorthand('v');
  private static final Flag<Duration> TIME = flag("time", FlagTypes.DURATION, Duration.ZERO);
  private static final Flag<IpAddress> IP = flag("ip", FlagTypes.IP, IpAddress.of("::"));
  private static final Flag<String> IP_PORT = flag("ip-port", FlagTypes.IP_PORT, "0.0.0.0:1");
  private static final Flag<List<String>> LIST = flag("list", FlagTypes.STRINGS, List.of("x"));
  private static final Flag<SortedMap<String, Boolean>> MAP =
      flag("map", FlagTypes.BOOL_MAP, Collections.emptySortedMap());
  private static final Flag<PortRange> PORTS = flag("ports", FlagTypes.PORT_RANGE, PortRange.ANY);
  private static final Flag<VersionRequest> VERSION =
      flag("version", FlagTypes.VERSION, new VersionRequest.None());
  private static final Flag<Integer> OLD =
      flag("old-number", FlagTypes.INT32, 1).deprecated("Use --number instead.");

  private static final FlagTable TABLE =
      new FlagTable(
          List.of(
              SWITCH, BOTH, TEXT, NUMBER, LEVEL, TIME, IP, IP_PORT, LIST, MAP, PORTS, VERSION,
              OLD));

  private static <T> Flag<T> flag(String name, FlagType<T> type, T defaultValue) {
    return Flag.of(FlagGroup.PROCESS, name, type, defaultValue, "1.17", "Help.");
  }

  private static FlagParser.Result parse(String... arguments) {
    return FlagParser.parse(TABLE, List.of(arguments));
  }

  private static FlagParser.Result.Parsed parsed(String... arguments) {
    FlagParser.Result result = parse(arguments);
    assertThat(result).isInstanceOf(FlagParser.Result.Parsed.class);
    return (FlagParser.Result.Parsed) result;
  }

  private static <T> T value(Flag<T> flag, String... arguments) {
    return parsed(arguments).values().get(flag);
  }

  private static String error(String... arguments) {
    FlagParser.Result result = parse(arguments);
    assertThat(result).isInstanceOf(FlagParser.Result.Failed.class);
    return ((FlagParser.Result.Failed) result).message();
  }

  static List<Arguments> forms() {
    return List.of(
        Arguments.of(TEXT, "--some-text=x", "x"),
        Arguments.of(TEXT, "--some-text x", "x"),
        Arguments.of(TEXT, "--some_text=x", "x"),
        Arguments.of(TEXT, "--some_text x", "x"),
        Arguments.of(TEXT, "--some-text=a=b", "a=b"),
        Arguments.of(TEXT, "--some-text=", ""),
        Arguments.of(TEXT, "--some-text --both", "--both"),
        Arguments.of(TEXT, "--some-text --", "--"),
        Arguments.of(TEXT, "--some-text=1 --some-text=2", "2"),
        Arguments.of(TEXT, "", "default"),
        Arguments.of(LEVEL, "-v4", 4),
        Arguments.of(LEVEL, "-v=4", 4),
        Arguments.of(LEVEL, "-v 4", 4),
        Arguments.of(LEVEL, "--v=4", 4),
        Arguments.of(LEVEL, "--v 4", 4),
        Arguments.of(LEVEL, "-bv4", 4),
        Arguments.of(LEVEL, "-bv 4", 4),
        Arguments.of(BOTH, "-bv4", true),
        Arguments.of(BOTH, "-b", true),
        Arguments.of(BOTH, "-b=false", false),
        Arguments.of(BOTH, "-bb=f", false),
        Arguments.of(BOTH, "--both", true),
        Arguments.of(BOTH, "--both --both=false", false),
        Arguments.of(LIST, "--list=a,b", List.of("a", "b")),
        Arguments.of(LIST, "--list=a --list=b,c", List.of("a", "b", "c")),
        Arguments.of(LIST, "--list=", List.of()),
        Arguments.of(LIST, "--list=a,,b,", List.of("a", "", "b", "")),
        Arguments.of(LIST, "--list=\"a,b\",\"c\"\"d\"", List.of("a,b", "c\"d")),
        Arguments.of(LIST, "", List.of("x")),
        Arguments.of(MAP, "--map=A=true,B=f", new TreeMap<>(Map.of("A", true, "B", false))),
        Arguments.of(MAP, "--map=A=1 --map=B=0,A=F", new TreeMap<>(Map.of("A", false, "B", false))),
        Arguments.of(MAP, "--map=,A=True,,", new TreeMap<>(Map.of("A", true))),
        Arguments.of(VERSION, "--version", new VersionRequest.Plain()),
        Arguments.of(VERSION, "--version=true", new VersionRequest.Plain()),
        Arguments.of(VERSION, "--version=0", new VersionRequest.None()),
        Arguments.of(VERSION, "--version=raw", new VersionRequest.Raw()),
        Arguments.of(VERSION, "--version=v1.2.3", new VersionRequest.Report("v1.2.3")),
        Arguments.of(IP, "--ip=010.0.0.1", IpAddress.of("10.0.0.1")),
        Arguments.of(IP, "--ip=", IpAddress.of("::")),
        Arguments.of(IP_PORT, "--ip-port=10.0.0.1", "10.0.0.1"),
        Arguments.of(IP_PORT, "--ip-port=[::1]:80", "[::1]:80"),
        Arguments.of(IP_PORT, "--ip-port=::1", "::1"),
        Arguments.of(IP_PORT, "--ip-port=1.2.3.4:0", "1.2.3.4:0"),
        Arguments.of(IP_PORT, "--ip-port=", "0.0.0.0:1"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsEveryForm(Flag<?> flag, String line, Object expected) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat((Object) value(flag, arguments)).isEqualTo(expected);
  }

  @Test
  void trimsBlanksInMaps() {
    assertThat(value(MAP, "--map", " A = true , B=false")).isEqualTo(Map.of("A", true, "B", false));
  }

  @ParameterizedTest
  @CsvSource({"1", "t", "T", "TRUE", "true", "True"})
  void readsTrue(String text) {
    assertThat(value(SWITCH, "--a-switch=" + text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0", "f", "F", "FALSE", "false", "False"})
  void readsFalse(String text) {
    assertThat(value(BOTH, "-b", "--both=" + text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-5, -5",
    "+5, 5",
    "0x1F, 31",
    "-0x10, -16",
    "0b101, 5",
    "0o17, 15",
    "017, 15",
    "1_000, 1000",
    "0x_1f, 31",
    "2147483647, 2147483647",
    "-2147483648, -2147483648"
  })
  void readsNumbers(String text, int expected) {
    assertThat(value(NUMBER, "--number=" + text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0z1", "08", "0x", "0b2", "0_", "1__0", "2147483648"})
  void refusesWhatIsNoNumber(String text) {
    assertThat(error("--number=" + text)).contains(": strconv.ParseInt: parsing ");
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250", "1h0m0s, 3600000", "0, 0", "0s, 0", "-1s, -1000", "1m30s, 90000"})
  void readsDurations(String text, long millis) {
    assertThat(value(TIME, "--time=" + text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "0, 0, 0",
    "0-0, 0, 0",
    "80, 80, 1",
    "80-81, 80, 2",
    "80+5, 80, 6",
    "65535, 65535, 1",
    "' 80 ', 80, 1"
  })
  void readsPortRanges(String text, int first, int size) {
    assertThat(value(PORTS, "--ports=" + text)).isEqualTo(new PortRange(first, size));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--nope | unknown flag: --nope",
        "--no_pe=1 | unknown flag: --no_pe",
        "--=x | bad flag syntax: --=x",
        "---x | bad flag syntax: ---x",
        "-x | unknown shorthand flag: 'x' in -x",
        "-bxy | unknown shorthand flag: 'x' in -xy",
        "--some-text | flag needs an argument: --some-text",
        "--some_text | flag needs an argument: --some_text",
        "-v | flag needs an argument: 'v' in -v",
        "-bv | flag needs an argument: 'v' in -v",
        "-v= | invalid argument \"=\" for \"-v, --v\" flag:"
            + " strconv.ParseUint: parsing \"=\": invalid syntax",
        "-vb | invalid argument \"b\" for \"-v, --v\" flag:"
            + " strconv.ParseUint: parsing \"b\": invalid syntax",
        "--v=-1 | invalid argument \"-1\" for \"-v, --v\" flag:"
            + " strconv.ParseUint: parsing \"-1\": invalid syntax",
        "--v=2147483648 | invalid argument \"2147483648\" for \"-v, --v\" flag:"
            + " strconv.ParseUint: parsing \"2147483648\": value out of range",
        "--a-switch=yes | invalid argument \"yes\" for \"--a-switch\" flag:"
            + " strconv.ParseBool: parsing \"yes\": invalid syntax",
        "--a-switch= | invalid argument \"\" for \"--a-switch\" flag:"
            + " strconv.ParseBool: parsing \"\": invalid syntax",
        "--number=x | invalid argument \"x\" for \"--number\" flag:"
            + " strconv.ParseInt: parsing \"x\": invalid syntax",
        "--number=1__0 | invalid argument \"1__0\" for \"--number\" flag:"
            + " strconv.ParseInt: parsing \"1__0\": invalid syntax",
        "--number=08 | invalid argument \"08\" for \"--number\" flag:"
            + " strconv.ParseInt: parsing \"08\": invalid syntax",
        "--number=2147483648 | invalid argument \"2147483648\" for \"--number\" flag:"
            + " strconv.ParseInt: parsing \"2147483648\": value out of range",
        "--time=30 | invalid argument \"30\" for \"--time\" flag:"
            + " time: missing unit in duration \"30\"",
        "--time=x | invalid argument \"x\" for \"--time\" flag: time: invalid duration \"x\"",
        "--ip=host | invalid argument \"host\" for \"--ip\" flag:"
            + " \"host\" is not a valid IP address",
        "--ip-port=host | invalid argument \"host\" for \"--ip-port\" flag: \"host\" is not in a"
            + " valid format (ip or ip:port): address host: missing port in address",
        "--ip-port=::1:x:y | invalid argument \"::1:x:y\" for \"--ip-port\" flag: \"::1:x:y\" is"
            + " not in a valid format (ip or ip:port): address ::1:x:y: too many colons in address",
        "--ip-port=[::1 | invalid argument \"[::1\" for \"--ip-port\" flag: \"[::1\" is not in a"
            + " valid format (ip or ip:port): address [::1: missing ']' in address",
        "--ip-port=host:1 | invalid argument \"host:1\" for \"--ip-port\" flag:"
            + " \"host\" is not a valid IP address",
        "--ip-port=1.1.1.1:70000 | invalid argument \"1.1.1.1:70000\" for \"--ip-port\" flag:"
            + " \"70000\" is not a valid number",
        "--map=A | invalid argument \"A\" for \"--map\" flag:"
            + " malformed pair, expect string=bool",
        "--map=A=x | invalid argument \"A=x\" for \"--map\" flag: invalid value of A: x, err:"
            + " strconv.ParseBool: parsing \"x\": invalid syntax",
        "--list=a\"b | invalid argument \"a\\\"b\" for \"--list\" flag:"
            + " parse error on line 1, column 2: bare \" in non-quoted field",
        "--list=\"a | invalid argument \"\\\"a\" for \"--list\" flag:"
            + " parse error on line 1, column 3: extraneous or missing \" in quoted-field",
        "--version=x | invalid argument \"x\" for \"--version\" flag:"
            + " strconv.ParseBool: parsing \"x\": invalid syntax"
      })
  void saysWhatIsWrong(String argument, String message) {
    assertThat(error(argument)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--ports=2-1 | invalid argument \"2-1\" for \"--ports\" flag:"
            + " \"2-1\" is not a valid port range: end port cannot be less than start port: 2-1",
        "--ports=1+65535 | invalid argument \"1+65535\" for \"--ports\" flag:"
            + " \"1+65535\" is not a valid port range: the port range cannot be greater than 65535:"
            + " 1+65535",
        "--ports=a-b | invalid argument \"a-b\" for \"--ports\" flag:"
            + " \"a-b\" is not a valid port range: strconv.Atoi: parsing \"a\": invalid syntax",
        "--ports=1-2+3 | invalid argument \"1-2+3\" for \"--ports\" flag:"
            + " \"1-2+3\" is not a valid port range: unable to parse port range: 1-2+3",
        "-' | unknown shorthand flag: '\\'' in -'",
        "-é | unknown shorthand flag: 'Ã' in -é"
      })
  void saysWhatIsWrongWithRangesAndLetters(String argument, String message) {
    assertThat(error(argument)).isEqualTo(message);
  }

  @Test
  void stopsAtTheFirstError() {
    assertThat(error("--nope", "--number=x")).isEqualTo("unknown flag: --nope");
  }

  @Test
  void keepsPositionalsInOrder() {
    assertThat(parsed("a", "--both", "b", "-", "--", "--number=x", "--").positionals())
        .containsExactly("a", "b", "-", "--number=x", "--");
    assertThat(value(BOTH, "a", "--both")).isTrue();
    assertThat(value(BOTH, "--", "--both")).isFalse();
  }

  @Test
  void givesSwitchesNoNextArgument() {
    FlagParser.Result.Parsed result = parsed("--both", "false");
    assertThat(result.values().get(BOTH)).isTrue();
    assertThat(result.positionals()).containsExactly("false");
  }

  @Test
  void knowsWhichFlagsWereGiven() {
    FlagValues values = parsed("--number=1").values();
    assertThat(values.given(NUMBER)).isTrue();
    assertThat(values.given(TEXT)).isFalse();
  }

  @Test
  void warnsOfDeprecatedFlagsOnEachUse() {
    assertThat(parsed("--old-number=1", "--old_number=2").notices())
        .containsExactly(
            "Flag --old-number has been deprecated, Use --number instead.",
            "Flag --old-number has been deprecated, Use --number instead.");
    assertThat(parsed("--number=1").notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--some-tex=1, --some-text",
    "--sometext=1, --some-text",
    "--soem-text=1, --some-text",
    "--nubmer, --number",
    "--old-numbe, ''",
    "--entirely-different, ''",
    "--x, ''"
  })
  void suggestsTheNearestName(String argument, String suggestion) {
    assertThat(((FlagParser.Result.Failed) parse(argument)).suggestion()).isEqualTo(suggestion);
  }

  @Test
  void passesOnWhatWasDeprecatedBeforeAnError() {
    assertThat(((FlagParser.Result.Failed) parse("--old-number=1", "--nope")).notices())
        .containsExactly("Flag --old-number has been deprecated, Use --number instead.");
  }

  @Test
  void doesNotTellThePasswordOfAnUrl() {
    FlagValues values = parsed("--some-text=https://me:secret@host:6443/a@b").values();
    assertThat(values.get(TEXT)).contains("secret");
    assertThat(values.texts()).containsEntry("some-text", "https://xxxxx@host:6443/a@b");
    assertThat(values.describe()).contains("FLAG: --some-text=\"https://xxxxx@host:6443/a@b\"");
  }

  @Test
  void describesAllFlagsByName() {
    FlagValues values = parsed("--some-text=a\"b", "--list=a,b", "-v2").values();
    List<String> lines = values.describe();
    assertThat(values.texts())
        .hasSameSizeAs(lines)
        .containsEntry("some-text", "a\"b")
        .containsEntry("list", "[a,b]")
        .containsEntry("version", "false");
    assertThat(lines)
        .hasSize(13)
        .startsWith("FLAG: --a-switch=\"false\"", "FLAG: --both=\"false\"", "FLAG: --ip=\"::\"")
        .endsWith("FLAG: --v=\"2\"", "FLAG: --version=\"false\"");
    assertThat(lines)
        .contains(
            "FLAG: --some-text=\"a\\\"b\"",
            "FLAG: --list=\"[a,b]\"",
            "FLAG: --v=\"2\"",
            "FLAG: --time=\"0s\"",
            "FLAG: --version=\"false\"");
  }

  @Test
  void everyDefaultCanBeTyped() {
    for (Flag<?> flag : ProxyFlags.TABLE.flags()) {
      // Shown as :0, typed as nothing.
      if (!flag.equals(LogFileFlags.LOG_BACKTRACE_AT)) {
        assertDefaultCanBeTyped(flag);
      }
    }
  }

  private static <T> void assertDefaultCanBeTyped(Flag<T> flag) {
    String text = flag.type().format(flag.defaultValue());
    String typed = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
    FlagParser.Result result =
        FlagParser.parse(ProxyFlags.TABLE, Arrays.asList("--" + flag.name() + "=" + typed));
    assertThat(((FlagParser.Result.Parsed) result).values().get(flag))
        .as(flag.name())
        .isEqualTo(flag.defaultValue());
  }
}
