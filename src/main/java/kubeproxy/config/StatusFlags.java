package kubeproxy.config;

import static kubeproxy.config.FlagGroup.STATUS;

import java.util.List;

/// Flags about what the proxy tells of itself over HTTP.
public final class StatusFlags {

  public static final Flag<String> HEALTHZ_BIND_ADDRESS =
      Flag.of(
          STATUS,
          "healthz-bind-address",
          FlagTypes.IP_PORT,
          "0.0.0.0:10256",
          "1.17",
          "Where /healthz (should this node get traffic?), /livez (is the proxy working?)"
              + " and /readyz (have all rules been written once?) answer.");
  public static final Flag<String> METRICS_BIND_ADDRESS =
      Flag.of(
          STATUS,
          "metrics-bind-address",
          FlagTypes.IP_PORT_OR_EMPTY,
          "127.0.0.1:10249",
          "1.17",
          "Where /metrics (Prometheus), /configz, /proxyMode and /healthz answer; empty turns"
              + " them off.");
  public static final Flag<Boolean> BIND_ADDRESS_HARD_FAIL =
      Flag.of(
          STATUS,
          "bind-address-hard-fail",
          FlagTypes.BOOL,
          false,
          "1.20",
          "End the process if one of these two addresses cannot be listened on, instead of"
              + " trying again.");
  public static final Flag<Boolean> PROFILING =
      Flag.of(
          STATUS,
          "profiling",
          FlagTypes.BOOL,
          false,
          "1.17",
          "Serve /debug/pprof and /debug/flags/v beside /metrics.");
  public static final Flag<String> SHOW_HIDDEN_METRICS_FOR_VERSION =
      Flag.of(
          STATUS,
          "show-hidden-metrics-for-version",
          FlagTypes.STRING,
          "",
          "1.20",
          "Show metrics that were hidden since this version, as 1.35. Nothing is hidden, so that"
              + " it changes nothing.");
  public static final Flag<Integer> HEALTHZ_PORT =
      Flag.of(
              STATUS,
              "healthz-port",
              FlagTypes.INT32,
              10256,
              "1.17",
              "Port for a healthz-bind-address without one; 0 turns the server off.")
          .deprecated(
              "This flag is deprecated and will be removed in a future release. Please use"
                  + " --healthz-bind-address instead.");
  public static final Flag<Integer> METRICS_PORT =
      Flag.of(
              STATUS,
              "metrics-port",
              FlagTypes.INT32,
              10249,
              "1.17",
              "Port for a metrics-bind-address without one; 0 turns the server off.")
          .deprecated(
              "This flag is deprecated and will be removed in a future release. Please use"
                  + " --metrics-bind-address instead.");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          HEALTHZ_BIND_ADDRESS,
          METRICS_BIND_ADDRESS,
          BIND_ADDRESS_HARD_FAIL,
          PROFILING,
          SHOW_HIDDEN_METRICS_FOR_VERSION,
          HEALTHZ_PORT,
          METRICS_PORT);

  private StatusFlags() {}
}
