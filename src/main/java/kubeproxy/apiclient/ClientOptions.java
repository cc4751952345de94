package kubeproxy.apiclient;

import java.nio.file.Path;
import java.util.Optional;

/// How to reach the API server, from flags and configuration file.
///
/// @param kubeconfig the file; without it and `master` the process is taken to run in a Pod
/// @param master replaces the server of the kubeconfig, and needs none
/// @param qps requests per second without watches; 0 for 5, negative for no limit
/// @param burst requests that may go out at once; 0 for 10
/// @param userAgent the `User-Agent` header, as in `kube-proxy/v1.36.2 (linux/amd64)
///     kubernetes/abcdef`
public record ClientOptions(
    Optional<Path> kubeconfig, Optional<String> master, float qps, int burst, String userAgent) {}
