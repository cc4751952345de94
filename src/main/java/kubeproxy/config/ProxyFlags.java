package kubeproxy.config;

import java.util.List;
import java.util.stream.Stream;

/// Every flag of the command, once. Names, types and defaults are those of Kubernetes' kube-proxy,
/// of all releases from 1.17 to 1.36, apart from `--manifests` and `--config-reload`, which are
/// ours. Flags for Windows are unknown.
public final class ProxyFlags {

  /// All of them, in the order of the help text.
  public static final FlagTable TABLE =
      new FlagTable(
          Stream.of(
                  ConfigFileFlags.ALL,
                  SourceFlags.ALL,
                  ModeFlags.ALL,
                  TrafficFlags.ALL,
                  SyncFlags.ALL,
                  IpvsFlags.ALL,
                  UserspaceFlags.ALL,
                  ConntrackFlags.ALL,
                  StatusFlags.ALL,
                  ProcessFlags.ALL,
                  LogFlags.ALL,
                  LogFileFlags.ALL,
                  UnusedFlags.ALL)
              .<Flag<?>>flatMap(List::stream)
              .toList());

  private ProxyFlags() {}
}
