package kubeproxy.config;

import java.util.Optional;

/// What the process is to do besides, or instead of, proxying. In this order: writing the
/// configuration ends the process, then cleaning up does, then initialising.
///
/// @param writeConfigTo path to write the configuration to
/// @param cleanup whether to remove everything that any mode installed
/// @param cleanupIpvs whether that includes the virtual servers of IPVS
/// @param initOnly whether to do only what needs all privileges
/// @param config path of the configuration file
/// @param reload what happens when that file changes
public record ActionOptions(
    Optional<String> writeConfigTo,
    boolean cleanup,
    boolean cleanupIpvs,
    boolean initOnly,
    Optional<String> config,
    ReloadMode reload) {}
