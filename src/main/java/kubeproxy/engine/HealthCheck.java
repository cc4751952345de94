package kubeproxy.engine;

/// What load balancers may ask this node about a Service (`spec.healthCheckNodePort`).
///
/// @param port where they ask, 1 to 65535
/// @param localReadyEndpoints how many ready endpoints run on this node
public record HealthCheck(int port, int localReadyEndpoints) {}
