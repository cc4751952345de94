package kubeproxy.iptables.apply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import kubeproxy.iptables.compile.Layout;
import kubeproxy.iptables.diff.RestoreInput;
import kubeproxy.iptables.program.Chains;
import kubeproxy.iptables.program.SavedTables;
import kubeproxy.iptables.program.Table;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import org.jspecify.annotations.Nullable;

/// The tools of this host.
public final class HostIptables implements IptablesPort {
  /// How long the tools wait for others that hold `/run/xtables.lock`, as upstream's do.
  private static final String LOCK_SECONDS = "5";

  /// Far more than a hundred thousand rules take on a slow node. A tool that hangs must not hold up
  /// the other family for ever.
  private static final Duration RESTORE_PATIENCE = Duration.ofMinutes(10);

  private static final Duration SAVE_PATIENCE = Duration.ofMinutes(2);

  /// `iptables-nft-save` sorts chains by inserting each into a list: 11,000 take half a second,
  /// 33,000 ten, 110,000 minutes.
  static final int MOST_CHAINS_TO_SAVE = 20_000;

  private final Programs programs;
  private final Tools tools;

  private @Nullable RuleWatch watch;

  /// Whether our canary was there when we last looked or wrote.
  private volatile boolean canaryExpected;

  public HostIptables(Programs programs, Tools tools) {
    this.programs = programs;
    this.tools = tools;
  }

  @Override
  public SavedTables observe() throws IOException {
    SavedTables tables = tools.variant() == Variant.NF_TABLES ? readBack() : printed();
    if (tables.chain(Table.MANGLE, Chains.CANARY) != null) {
      canaryExpected = true;
    }
    return tables;
  }

  /// What nf_tables holds. Rules in chains of ours that cannot be told as text were written by
  /// another version of the tools, which knows what they are, or by somebody else.
  private SavedTables readBack() throws IOException {
    NfTablesReader.Reading reading;
    try {
      reading = NfTablesReader.readHost(tools.family());
    } catch (IOException e) {
      return printedAfter(e);
    }
    if (reading.understood() || reading.chains() > MOST_CHAINS_TO_SAVE) {
      return reading.tables();
    }
    try {
      return printed();
    } catch (IOException e) {
      return reading.tables();
    }
  }

  private SavedTables printedAfter(IOException reason) throws IOException {
    try {
      return printed();
    } catch (IOException e) {
      e.addSuppressed(reason);
      throw e;
    }
  }

  private SavedTables printed() throws IOException {
    String printed = output(SAVE_PATIENCE, tools.save());
    SavedTables tables = SavedTables.parse(printed.getBytes(StandardCharsets.UTF_8));
    if (tables == null) {
      throw new IOException(tools.save() + " printed no whole tables");
    }
    return tables;
  }

  private String output(Duration patience, String... command) throws IOException {
    ProgramEnd end = run(patience, new byte[0], command);
    if (end instanceof ProgramEnd.Exited exited && exited.succeeded()) {
      return exited.output();
    }
    throw new IOException(String.join(" ", command) + ": " + describe(end));
  }

  private ProgramEnd run(Duration patience, byte[] input, String... command) {
    try {
      return programs.run(ProgramCall.of(patience, command), input);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ProgramEnd.TimedOut(Duration.ZERO);
    }
  }

  private static String describe(ProgramEnd end) {
    return switch (end) {
      case ProgramEnd.NotStarted(String reason) -> reason;
      case ProgramEnd.TimedOut(Duration after) -> "did not end within " + after;
      case ProgramEnd.Exited(int code, _, String errors) ->
          "exit code " + code + ": " + RestoreError.oneLine(errors);
    };
  }

  /// Names the watch that is not to take what we change for what others do.
  public HostIptables watchedBy(RuleWatch ruleWatch) {
    watch = ruleWatch;
    return this;
  }

  @Override
  public RestoreEnd restore(RestoreInput input) {
    RuleWatch watching = watch;
    return watching == null ? carryOut(input) : watching.around(input, () -> carryOut(input));
  }

  private RestoreEnd carryOut(RestoreInput input) {
    ProgramEnd end =
        run(
            RESTORE_PATIENCE,
            input.bytes(),
            tools.restore(),
            "-w",
            LOCK_SECONDS,
            "--noflush",
            "--counters");
    return switch (end) {
      case ProgramEnd.NotStarted(String reason) ->
          new RestoreEnd.Refused(0, "cannot run " + tools.restore() + ": " + reason);
      case ProgramEnd.TimedOut(Duration _) ->
          new RestoreEnd.Unknown(tools.restore() + " " + describe(end));
      case ProgramEnd.Exited(int code, _, String errors) -> {
        if (code == 0) {
          canaryExpected = true;
          yield new RestoreEnd.Restored();
        }
        yield RestoreError.isLock(code, errors)
            ? new RestoreEnd.Locked(RestoreError.oneLine(errors))
            : new RestoreEnd.Refused(RestoreError.line(errors), describe(end));
      }
    };
  }

  /// Whether a tool gave up because others held the lock, which says nothing of what the tool can.
  public static boolean isLocked(ProgramEnd end) {
    return end instanceof ProgramEnd.Exited(int code, _, String errors)
        && RestoreError.isLock(code, errors);
  }

  /// The tables in which a canary is looked for.
  static List<Table> canaryTables() {
    return Layout.CANARIES.stream().map(Layout.Place::table).toList();
  }

  /// Whether our canary has to be there. Any thread.
  boolean canaryExpected() {
    return canaryExpected;
  }

  /// The canary is known to be gone, until it is written or seen again. Any thread.
  void forgetCanary() {
    canaryExpected = false;
  }

  /// Whether our canary is in a table. Any thread.
  ///
  /// @return true also if it cannot be told now
  boolean canaryLives(Table table) throws InterruptedException {
    ProgramCall call =
        ProgramCall.of(
            SAVE_PATIENCE,
            tools.iptables(),
            "-w",
            LOCK_SECONDS,
            "-t",
            table.text(),
            "-S",
            Chains.CANARY);
    return !(programs.run(call) instanceof ProgramEnd.Exited exited && exited.code() == 1);
  }
}
