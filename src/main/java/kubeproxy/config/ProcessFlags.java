package kubeproxy.config;

import static kubeproxy.config.FlagGroup.PROCESS;

import java.util.List;

/// Flags about what the process is to do, and about itself.
public final class ProcessFlags {

  public static final Flag<Boolean> CLEANUP =
      Flag.of(
              PROCESS,
              "cleanup",
              FlagTypes.BOOL,
              false,
              "1.17",
              "Remove the rules of all modes and exit.")
          .besidesFile();
  public static final Flag<Boolean> CLEANUP_IPVS =
      Flag.of(
              PROCESS,
              "cleanup-ipvs",
              FlagTypes.BOOL,
              true,
              "1.17",
              "Whether cleanup removes the virtual servers of IPVS too.")
          .besidesFile()
          .until("1.20")
          .deprecated("--cleanup alone also removes the virtual servers of IPVS.");
  public static final Flag<Boolean> INIT_ONLY =
      Flag.of(
              PROCESS,
              "init-only",
              FlagTypes.BOOL,
              false,
              "1.29",
              "Do what needs all of root's rights, and exit. After that CAP_NET_ADMIN is enough.")
          .besidesFile();
  public static final Flag<Integer> OOM_SCORE_ADJ =
      Flag.of(
          PROCESS,
          "oom-score-adj",
          FlagTypes.INT32,
          -999,
          "1.17",
          "How willingly the kernel kills this process when memory is short: -1000 never,"
              + " 1000 first.");
  public static final Flag<VersionRequest> VERSION =
      Flag.of(
              PROCESS,
              "version",
              FlagTypes.VERSION,
              new VersionRequest.None(),
              "1.17",
              "Print the version and exit; --version=raw prints all of it.")
          .besidesFile();
  public static final Flag<Boolean> HELP =
      Flag.of(PROCESS, "help", FlagTypes.BOOL, false, "1.17", "Print this text and exit.")
          .besidesFile()
          .shorthand('h');

  /// All of them, in the order of the help text.
  static final List<Flag<?>> ALL =
      List.of(CLEANUP, CLEANUP_IPVS, INIT_ONLY, OOM_SCORE_ADJ, VERSION, HELP);

  private ProcessFlags() {}
}
