package kubeproxy.config;

import java.time.Duration;
import java.util.Optional;

/// Where Services, endpoints and our Node come from.
public sealed interface ObjectSource {

  /// Files; no API server is ever contacted.
  ///
  /// @param path a file, or a folder with files
  record Manifests(String path) implements ObjectSource {}

  /// The API server.
  ///
  /// @param kubeconfig path of a kubeconfig file
  /// @param master URL of the API server, in place of the one that the kubeconfig names
  /// @param contentType media type of what is sent
  /// @param acceptContentTypes media types of answers; empty for `contentType`
  /// @param qps requests per second on average; negative for no limit, never 0
  /// @param burst requests at once, positive
  /// @param resyncPeriod how often everything known is gone through again; positive
  record ApiServer(
      Optional<String> kubeconfig,
      Optional<String> master,
      String contentType,
      String acceptContentTypes,
      float qps,
      int burst,
      Duration resyncPeriod)
      implements ObjectSource {

    private static final String JSON = "application/json";

    /// The `Accept` header for reading objects: what was configured, and JSON behind protobuf for
    /// servers that lack it.
    public String accept() {
      if (!acceptContentTypes.isEmpty()) {
        return acceptContentTypes;
      }
      if (contentType.isEmpty()) {
        return JSON;
      }
      return contentType.endsWith("protobuf") ? contentType + "," + JSON : contentType;
    }

    /// Whether the pod's service account tells where the server is and who we are.
    public boolean inCluster() {
      return kubeconfig.isEmpty() && master.isEmpty();
    }
  }
}
