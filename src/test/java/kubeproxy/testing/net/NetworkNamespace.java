package kubeproxy.testing.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;

/// A network namespace with a name, as `ip netns` makes them. A socket belongs for life to the
/// namespace of the thread that opened it, so it is opened by [#open] or [#run] and may then be
/// used by any thread. May be used by any thread.
public final class NetworkNamespace implements AutoCloseable {

  /// From linux/sched.h.
  private static final int CLONE_NEWNET = 0x40000000;

  private final String name;
  private final ExecutorService opener;

  private NetworkNamespace(String name) {
    this.name = name;
    this.opener =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("in-" + name).unstarted(task));
    open(() -> {
      enter();
      return name;
    });
  }

  /// A new namespace with a name of its own, whose loopback interface is up.
  public static NetworkNamespace create() {
    // Tests of several processes run at once; one that died is recognised by its number.
    long number = ThreadLocalRandom.current().nextLong();
    return create(namePrefix() + Long.toHexString(number));
  }

  /// What the names of this process's namespaces start with.
  static String namePrefix() {
    return "kp" + ProcessHandle.current().pid() + "-";
  }

  /// A new namespace whose loopback interface is up.
  ///
  /// @throws IllegalStateException if there is one of this name
  public static NetworkNamespace create(String name) {
    return createAll(List.of(name)).getFirst();
  }

  /// New namespaces, in the order of their names: quicker than one after the other.
  public static List<NetworkNamespace> createAll(List<String> names) {
    var lines = new ArrayList<String>();
    for (String name : names) {
      lines.add("netns add " + name);
    }
    Command.run(List.of("ip", "-batch", "-"), String.join("\n", lines));
    List<NetworkNamespace> namespaces = names.stream().map(NetworkNamespace::new).toList();
    for (NetworkNamespace namespace : namespaces) {
      namespace.ip(List.of("link set lo up"));
    }
    return namespaces;
  }

  /// The name that `ip netns exec` takes.
  public String name() {
    return name;
  }

  /// Does `work` on a platform thread of its own inside the namespace and waits for its end.
  /// Threads that it starts are inside as well.
  ///
  /// @throws Exception what `work` threw
  public <T> T run(Callable<T> work) throws Exception {
    var result = new CompletableFuture<T>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            enter();
            result.complete(work.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  /// Opens something on the thread that this namespace keeps for that: cheaper than [#run], and one
  /// at a time.
  ///
  /// @throws IllegalStateException with what `opening` threw as the cause
  public <T> T open(Callable<T> opening) {
    try {
      return opener.submit(opening).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("in namespace " + name + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while in namespace " + name, e);
    }
  }

  /// Moves the calling platform thread into the namespace for good.
  public void enter() throws KernelException {
    int descriptor = Libc.open("/run/netns/" + name);
    try {
      Libc.setns(descriptor, CLONE_NEWNET);
    } finally {
      Libc.close(descriptor);
    }
  }

  /// Runs lines of `ip` in one process.
  public void ip(List<String> lines) {
    Command.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines));
  }

  /// Runs lines of `ip` about IPv6 where nothing in the line itself says so.
  public void ip6(List<String> lines) {
    Command.run(List.of("ip", "-6", "-n", name, "-batch", "-"), String.join("\n", lines));
  }

  /// Runs a program inside and returns what it printed.
  public String exec(String... command) {
    return execWithInput("", command);
  }

  /// Runs a program inside with `input` on its standard input and returns what it printed.
  public String execWithInput(String input, String... command) {
    var line = new ArrayList<>(List.of("ip", "netns", "exec", name));
    line.addAll(List.of(command));
    return Command.run(line, input);
  }

  /// Removes the name. The namespace itself ends with the last socket and thread in it.
  @Override
  public void close() {
    opener.shutdown();
    Command.run(List.of("ip", "netns", "del", name), "");
  }

  @Override
  public String toString() {
    return name;
  }

  private static Exception unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case Exception exception -> exception;
      case Error error -> throw error;
      case null, default -> e;
    };
  }
}
