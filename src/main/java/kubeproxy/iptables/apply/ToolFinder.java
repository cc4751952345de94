package kubeproxy.iptables.apply;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.iptables.program.Chains;
import kubeproxy.kernel.exec.ProgramCall;
import kubeproxy.kernel.exec.ProgramEnd;
import kubeproxy.kernel.exec.Programs;
import kubeproxy.model.IpFamily;
import org.jspecify.annotations.Nullable;

/// Finds out which variant of iptables a node uses. Rules of both are carried out, one after the
/// other, so that a proxy that uses the other one than the rest of the node works most of the time
/// and is a riddle for the rest.
///
/// The order of signs is that of the wrappers in the images that upstream publishes: what the
/// kubelet leaves in table mangle, and else who has more rules. In between counts what a proxy
/// left, which has most of the rules then: to count these can take minutes.
public final class ToolFinder {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// `-w` with a number of seconds and `--random-fully` exist from there on.
  private static final int[] OLDEST = {1, 6, 2};

  private static final Pattern VERSION =
      Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)(?:\\s+\\((\\w+)\\))?");

  private final Programs programs;
  private final Predicate<IpFamily> hasNfTables;

  public ToolFinder(Programs programs) {
    this(programs, NfTablesProbe::hasTables);
  }

  /// @param hasNfTables whether the kernel has tables of nf_tables for a family
  ToolFinder(Programs programs, Predicate<IpFamily> hasNfTables) {
    this.programs = programs;
    this.hasNfTables = hasNfTables;
  }

  /// The tools for a family.
  ///
  /// @throws InterruptedException if the thread was interrupted while one of them ran
  public ToolChoice find(IpFamily family) throws InterruptedException {
    Map<Variant, Tools> found = new EnumMap<>(Variant.class);
    List<String> problems = new ArrayList<>();
    for (String infix : List.of("-nft", "-legacy", "")) {
      Tools tools = tools(family, infix, problems);
      if (tools != null) {
        found.putIfAbsent(tools.variant(), tools);
      }
    }
    Tools nft = found.get(Variant.NF_TABLES);
    Tools legacy = found.get(Variant.LEGACY);
    if (nft != null && legacy != null) {
      return choose(nft, legacy);
    }
    Tools only = nft != null ? nft : legacy;
    return only == null
        ? new ToolChoice.Missing(String.join("; ", problems))
        : new ToolChoice.Found(only, "no other variant can be used here");
  }

  /// All tools that the host has for a family, of each variant one.
  List<Tools> all(IpFamily family) throws InterruptedException {
    Map<Variant, Tools> found = new EnumMap<>(Variant.class);
    for (String infix : List.of("-nft", "-legacy", "")) {
      Tools tools = tools(family, infix, new ArrayList<>());
      if (tools != null) {
        found.putIfAbsent(tools.variant(), tools);
      }
    }
    return List.copyOf(found.values());
  }

  private @Nullable Tools tools(IpFamily family, String infix, List<String> problems)
      throws InterruptedException {
    String program = Tools.base(family) + infix;
    return switch (programs.run(ProgramCall.of(PATIENCE, program, "--version"))) {
      case ProgramEnd.NotStarted(String reason) -> {
        problems.add("cannot run " + program + ": " + reason);
        yield null;
      }
      case ProgramEnd.TimedOut(Duration after) -> {
        problems.add(program + " --version did not end within " + after);
        yield null;
      }
      case ProgramEnd.Exited(_, String output, String errors) -> {
        Matcher version = VERSION.matcher(output);
        if (!version.find()) {
          problems.add(program + " --version printed no version: " + output + errors);
          yield null;
        }
        if (isTooOld(version)) {
          problems.add(program + " " + version.group() + " is older than 1.6.2");
          yield null;
        }
        // before 1.8 there was no other variant, and the tools said nothing of it
        Variant variant =
            Variant.NF_TABLES.text().equals(version.group(4)) ? Variant.NF_TABLES : Variant.LEGACY;
        if (variant == Variant.NF_TABLES && !hasNfTables.test(family)) {
          problems.add(program + ": the kernel has no nf_tables for " + family);
          yield null;
        }
        String number = version.group(1) + "." + version.group(2) + "." + version.group(3);
        yield new Tools(family, variant, infix, number);
      }
    };
  }

  private static boolean isTooOld(Matcher version) {
    for (int i = 0; i < OLDEST.length; i++) {
      int part = Integer.parseInt(version.group(i + 1));
      if (part != OLDEST[i]) {
        return part < OLDEST[i];
      }
    }
    return false;
  }

  private ToolChoice choose(Tools nft, Tools legacy) throws InterruptedException {
    Map<Tools, String> mangle = new LinkedHashMap<>();
    mangle.put(nft, mangle(nft));
    mangle.put(legacy, mangle(legacy));
    for (Map.Entry<Tools, String> saved : mangle.entrySet()) {
      for (String chain : Chains.KUBELET_MARKS) {
        if (declares(saved.getValue(), chain)) {
          return new ToolChoice.Found(
              saved.getKey(), "the kubelet has its chain " + chain + " there");
        }
      }
    }
    List<Tools> withCanary =
        mangle.keySet().stream()
            .filter(tools -> declares(mangle.getOrDefault(tools, ""), Chains.CANARY))
            .toList();
    if (withCanary.size() == 1) {
      return new ToolChoice.Found(
          withCanary.getFirst(), "a proxy left its chain " + Chains.CANARY + " there");
    }
    long nftRules = rules(nft);
    long legacyRules = rules(legacy);
    return legacyRules > nftRules
        ? new ToolChoice.Found(legacy, describe(legacyRules, nftRules))
        : new ToolChoice.Found(nft, describe(nftRules, legacyRules));
  }

  private String mangle(Tools tools) throws InterruptedException {
    StringBuilder mangle = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      mangle.append(saved(tools, family, "-t", "mangle"));
    }
    return mangle.toString();
  }

  private static boolean declares(String saved, String chain) {
    return saved.contains(":" + chain + " ");
  }

  private static String describe(long rules, long otherRules) {
    return rules == otherRules
        ? "both variants have " + rules + " rules"
        : "it has " + rules + " rules and the other variant " + otherRules;
  }

  private long rules(Tools tools) throws InterruptedException {
    long rules = 0;
    for (IpFamily family : IpFamily.values()) {
      rules += saved(tools, family).lines().filter(line -> line.startsWith("-")).count();
    }
    return rules;
  }

  /// What is installed; nothing if it cannot be told.
  private String saved(Tools tools, IpFamily family, String... arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Tools.base(family) + tools.infix() + "-save");
    command.addAll(List.of(arguments));
    ProgramEnd end = programs.run(new ProgramCall(command, Map.of(), PATIENCE));
    return end instanceof ProgramEnd.Exited exited ? exited.output() : "";
  }
}
