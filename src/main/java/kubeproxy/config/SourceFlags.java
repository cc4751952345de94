package kubeproxy.config;

import static kubeproxy.config.FlagGroup.SOURCE;

import java.time.Duration;
import java.util.List;

/// Flags about the API server and its replacement.
public final class SourceFlags {

  public static final Flag<String> KUBECONFIG =
      Flag.of(
          SOURCE,
          "kubeconfig",
          FlagTypes.STRING,
          "",
          "1.17",
          "File with the address of the API server and how to log in there. Without it,"
              + " master and manifests the service account of the pod is used.");
  public static final Flag<String> MASTER =
      Flag.of(
              SOURCE,
              "master",
              FlagTypes.STRING,
              "",
              "1.17",
              "Address of the API server, in place of the one that the kubeconfig names.")
          .besidesFile();
  public static final Flag<String> MANIFESTS =
      Flag.of(
              SOURCE,
              "manifests",
              FlagTypes.text("path"),
              "",
              "",
              "File or folder with manifests (JSON or YAML) of the Services to carry,"
                  + " their EndpointSlices or Endpoints, and, if wanted, this Node and"
                  + " ServiceCIDRs. Changes are picked up while running. No API server is"
                  + " contacted.")
          .besidesFile();
  public static final Flag<String> KUBE_API_CONTENT_TYPE =
      Flag.of(
          SOURCE,
          "kube-api-content-type",
          FlagTypes.STRING,
          "application/vnd.kubernetes.protobuf",
          "1.17",
          "Form in which objects are asked for; application/json is the other one.");
  public static final Flag<Float> KUBE_API_QPS =
      Flag.of(
          SOURCE,
          "kube-api-qps",
          FlagTypes.FLOAT32,
          5f,
          "1.17",
          "Requests to the API server per second, in the long run. Negative is without"
              + " limit.");
  public static final Flag<Integer> KUBE_API_BURST =
      Flag.of(
          SOURCE,
          "kube-api-burst",
          FlagTypes.INT32,
          10,
          "1.17",
          "Requests to the API server at once, before kube-api-qps limits them.");
  public static final Flag<Duration> CONFIG_SYNC_PERIOD =
      Flag.of(
          SOURCE,
          "config-sync-period",
          FlagTypes.DURATION,
          Duration.ofMinutes(15),
          "1.17",
          "How often everything that the API server has told is looked at anew.");

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(
          KUBECONFIG,
          MASTER,
          MANIFESTS,
          KUBE_API_CONTENT_TYPE,
          KUBE_API_QPS,
          KUBE_API_BURST,
          CONFIG_SYNC_PERIOD);

  private SourceFlags() {}
}
