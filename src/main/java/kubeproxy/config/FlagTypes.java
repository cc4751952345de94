package kubeproxy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import kubeproxy.config.FlagType.Parsed;
import kubeproxy.config.v1alpha1.Quantity;
import kubeproxy.model.IpAddress;
import kubeproxy.text.GoDuration;
import kubeproxy.text.GoQuote;

/// The types that flags have, named as in the help text of Kubernetes components.
public final class FlagTypes {

  /// A switch: `--a`, `--a=true`, `--a=F`. Never `--a false`: a switch takes no next argument.
  public static final FlagType<Boolean> BOOL =
      new Simple<>("", "true", GoNumbers::parseBool, Object::toString);

  /// Any text.
  public static final FlagType<String> STRING = text("string");

  /// A whole number of 32 bits; `0x`, `0o` and `0b` are understood.
  public static final FlagType<Integer> INT32 =
      new Simple<>("int32", "", GoNumbers::parseInt32, Object::toString);

  /// A log level, 0 to 2^31-1.
  public static final FlagType<Integer> LEVEL =
      new Simple<>("Level", "", GoNumbers::parseLevel, Object::toString);

  /// A duration in Go's form.
  public static final FlagType<Duration> DURATION =
      new Simple<>("duration", "", FlagTypes::parseDuration, GoDuration::format);

  /// An IP address; an empty text leaves the value as it was.
  public static final FlagType<IpAddress> IP = new IpType();

  /// `IP` or `IP:port`, kept as text; an empty text leaves the value as it was.
  public static final FlagType<String> IP_PORT = new IpPortType(false);

  /// The same, but an empty text is a value.
  public static final FlagType<String> IP_PORT_OR_EMPTY = new IpPortType(true);

  /// A list: comma-separated, repeatable, or both.
  public static final FlagType<List<String>> STRINGS = new StringsType();

  /// `key=true,key=false`: repeatable.
  public static final FlagType<SortedMap<String, Boolean>> BOOL_MAP = new BoolMapType();

  /// A range of ports: `0`, `N`, `A-B` or `A+count`.
  public static final FlagType<PortRange> PORT_RANGE =
      new Simple<>("port-range", "", FlagTypes::parsePortRange, PortRange::toString);

  /// `--version`, `--version=raw`, `--version=v1.36.0`.
  public static final FlagType<VersionRequest> VERSION =
      new Simple<>("version", "true", VersionRequest::parse, VersionRequest::toString);

  /// A number with a fraction.
  public static final FlagType<Float> FLOAT32 =
      new Simple<>("float32", "", GoFloat::parse, GoFloat::format);

  /// An amount: `512`, `1Ki`.
  public static final FlagType<Quantity> QUANTITY =
      new Simple<>("quantity", "", FlagTypes::parseQuantity, Quantity::toString);

  /// What follows a changed configuration file.
  public static final FlagType<ReloadMode> RELOAD_MODE =
      new Simple<>("ReloadMode", "", ReloadMode::parse, ReloadMode::toString);

  /// Log levels of source files: repeatable.
  public static final FlagType<List<ModuleLevel>> MODULE_LEVELS = new ModuleLevelsType();

  /// A switch of the logging library, which tells less about mistakes.
  public static final FlagType<Boolean> KLOG_BOOL =
      new Simple<>("", "true", KlogValues::parseBool, Object::toString);

  /// A whole number of 64 bits without sign, in a `long` that is to be read so.
  public static final FlagType<Long> UINT64 =
      new Simple<>("uint", "", KlogValues::parseUint64, Long::toUnsignedString);

  /// How bad a message is: 0 to 3 or INFO, WARNING, ERROR, FATAL. Numbers outside are taken too.
  public static final FlagType<Integer> SEVERITY =
      new Simple<>("severity", "", KlogValues::parseSeverity, Object::toString);

  /// A line of a source file, `file:N`; `:0` is none.
  public static final FlagType<String> LOCATION =
      new Simple<>("traceLocation", "", KlogValues::parseLocation, Function.identity());

  private FlagTypes() {}

  /// Any text, shown as `label`. What is allowed is decided later, together with everything else.
  public static FlagType<String> text(String label) {
    return new Simple<>(label, "", Parsed.Valid::new, Function.identity());
  }

  private static Parsed<Duration> parseDuration(String text) {
    return switch (GoDuration.parse(text)) {
      case GoDuration.Parsed.Valid(Duration duration) -> new Parsed.Valid<>(duration);
      case GoDuration.Parsed.Invalid(String reason) -> new Parsed.Invalid<>(reason);
    };
  }

  private static Parsed<PortRange> parsePortRange(String text) {
    return switch (PortRange.parse(text)) {
      case Parsed.Valid<PortRange> valid -> valid;
      case Parsed.Invalid<PortRange>(String reason) ->
          new Parsed.Invalid<>(GoQuote.quote(text) + " is not a valid port range: " + reason);
    };
  }

  private static Parsed<Quantity> parseQuantity(String text) {
    return switch (Quantity.parse(text)) {
      case Quantity.Parsed.Valid(Quantity quantity) -> new Parsed.Valid<>(quantity);
      case Quantity.Parsed.Invalid(String reason) -> new Parsed.Invalid<>(reason);
    };
  }

  /// A type whose last occurrence counts.
  private record Simple<T>(
      String label,
      String bareValue,
      Function<String, Parsed<T>> parser,
      Function<T, String> formatter)
      implements FlagType<T> {

    @Override
    public Parsed<T> parse(String text, T previous, boolean repeated) {
      return parser.apply(text);
    }

    @Override
    public String format(T value) {
      return formatter.apply(value);
    }
  }

  private record IpType() implements FlagType<IpAddress> {

    @Override
    public String label() {
      return "ip";
    }

    @Override
    public Parsed<IpAddress> parse(String text, IpAddress previous, boolean repeated) {
      if (text.isEmpty()) {
        return new Parsed.Valid<>(previous);
      }
      Optional<IpAddress> address = IpAddress.parse(text);
      return address.isPresent()
          ? new Parsed.Valid<>(address.get())
          : new Parsed.Invalid<>(GoQuote.quote(text) + " is not a valid IP address");
    }

    @Override
    public String format(IpAddress value) {
      return value.toString();
    }
  }

  private record IpPortType(boolean mayBeEmpty) implements FlagType<String> {

    @Override
    public String label() {
      return "ipport";
    }

    @Override
    public Parsed<String> parse(String text, String previous, boolean repeated) {
      if (text.isEmpty()) {
        return new Parsed.Valid<>(mayBeEmpty ? text : previous);
      }
      if (IpAddress.parse(text).isPresent()) {
        return new Parsed.Valid<>(text);
      }
      return switch (HostPort.split(text)) {
        case HostPort.Split.Bad(String reason) ->
            new Parsed.Invalid<>(
                GoQuote.quote(text) + " is not in a valid format (ip or ip:port): " + reason);
        case HostPort.Split.Parts(String host, String port) -> check(text, host, port);
      };
    }

    private static Parsed<String> check(String text, String host, String port) {
      if (IpAddress.parse(host).isEmpty()) {
        return new Parsed.Invalid<>(GoQuote.quote(host) + " is not a valid IP address");
      }
      if (HostPort.parsePort(port).isEmpty()) {
        return new Parsed.Invalid<>(GoQuote.quote(port) + " is not a valid number");
      }
      return new Parsed.Valid<>(text);
    }

    @Override
    public String format(String value) {
      return value;
    }
  }

  private record StringsType() implements FlagType<List<String>> {

    @Override
    public String label() {
      return "strings";
    }

    @Override
    public Parsed<List<String>> parse(String text, List<String> previous, boolean repeated) {
      return switch (CommaList.split(text)) {
        case Parsed.Invalid<List<String>> invalid -> invalid;
        case Parsed.Valid<List<String>>(List<String> added) -> {
          List<String> all = new ArrayList<>(repeated ? previous : List.of());
          all.addAll(added);
          yield new Parsed.Valid<>(List.copyOf(all));
        }
      };
    }

    @Override
    public String format(List<String> value) {
      return "[" + String.join(",", value) + "]";
    }
  }

  private record ModuleLevelsType() implements FlagType<List<ModuleLevel>> {

    @Override
    public String label() {
      return "pattern=N,...";
    }

    @Override
    public Parsed<List<ModuleLevel>> parse(
        String text, List<ModuleLevel> previous, boolean repeated) {
      return switch (ModuleLevel.parse(text)) {
        case Parsed.Invalid<List<ModuleLevel>> invalid -> invalid;
        case Parsed.Valid<List<ModuleLevel>>(List<ModuleLevel> added) -> {
          List<ModuleLevel> all = new ArrayList<>(previous);
          all.addAll(added);
          yield new Parsed.Valid<>(List.copyOf(all));
        }
      };
    }

    @Override
    public String format(List<ModuleLevel> value) {
      return ModuleLevel.format(value);
    }
  }

  private record BoolMapType() implements FlagType<SortedMap<String, Boolean>> {

    @Override
    public String label() {
      return "mapStringBool";
    }

    @Override
    public Parsed<SortedMap<String, Boolean>> parse(
        String text, SortedMap<String, Boolean> previous, boolean repeated) {
      SortedMap<String, Boolean> all = new TreeMap<>(repeated ? previous : Map.of());
      for (String item : text.split(",")) {
        if (item.isEmpty()) {
          continue;
        }
        int equals = item.indexOf('=');
        if (equals < 0) {
          return new Parsed.Invalid<>("malformed pair, expect string=bool");
        }
        String key = item.substring(0, equals).strip();
        String value = item.substring(equals + 1).strip();
        switch (GoNumbers.parseBool(value)) {
          case Parsed.Valid<Boolean>(Boolean bool) -> all.put(key, bool);
          case Parsed.Invalid<Boolean>(String reason) -> {
            return new Parsed.Invalid<>(
                "invalid value of " + key + ": " + value + ", err: " + reason);
          }
        }
      }
      return new Parsed.Valid<>(all);
    }

    @Override
    public String format(SortedMap<String, Boolean> value) {
      return value.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + entry.getValue())
          .collect(Collectors.joining(","));
    }
  }
}
