package kubeproxy.testing.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import kubeproxy.kernel.libc.KernelException;
import kubeproxy.kernel.libc.Libc;

/// A network namespace of its own, with `lo` up, that is gone after [#close].
public final class NetworkNamespace implements AutoCloseable {

  private static final int CLONE_NEWNET = 0x40000000;

  private final String name;

  private NetworkNamespace(String name) {
    this.name = name;
  }

  /// Makes a namespace.
  public static NetworkNamespace create() throws IOException {
    // Tests of several processes run at once: a name must not be used twice.
    String name =
        "kubeproxy-"
            + ProcessHandle.current().pid()
            + "-"
            + Long.toHexString(ThreadLocalRandom.current().nextLong());
    command(List.of("ip", "netns", "add", name));
    NetworkNamespace namespace = new NetworkNamespace(name);
    namespace.exec("ip", "link", "set", "lo", "up");
    return namespace;
  }

  /// The name that `ip netns` knows it by.
  public String name() {
    return name;
  }

  /// Runs something on a platform thread inside the namespace and returns its result. Sockets
  /// opened there belong to the namespace, also when used from elsewhere later.
  public <T> T run(Callable<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(() -> {
          try {
            enter();
            result.complete(task.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    try {
      return result.get();
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw failure;
      }
    }
  }

  /// Runs a program inside the namespace and returns what it printed.
  ///
  /// @throws IOException if it does not end with 0; the message has its output
  public String exec(String... command) throws IOException {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
    whole.addAll(List.of(command));
    return command(whole);
  }

  /// Moves the calling thread into the namespace for good.
  public void enter() throws KernelException {
    int descriptor = Libc.open("/run/netns/" + name);
    try {
      Libc.setns(descriptor, CLONE_NEWNET);
    } finally {
      Libc.close(descriptor);
    }
  }

  @Override
  public void close() throws IOException {
    command(List.of("ip", "netns", "delete", name));
  }

  private static String command(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException(String.join(" ", command) + " was interrupted", interrupted);
    }
    return output;
  }
}
