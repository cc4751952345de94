package kubeproxy.config;

import java.util.Optional;

/// What concerns the process itself.
///
/// @param oomScoreAdj for `/proc/self/oom_score_adj`, -1000 to 1000
/// @param gates the feature gates
/// @param reportedVersion the version to report instead of our own (`--version=v1.2.3`)
public record ProcessOptions(
    int oomScoreAdj, FeatureGates gates, Optional<String> reportedVersion) {}
