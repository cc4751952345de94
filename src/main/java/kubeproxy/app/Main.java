package kubeproxy.app;

/// Entry point of the process.
public final class Main {
  private Main() {}

  /// Prints the usage.
  public static void main(String[] args) {
    System.out.println("usage: kube-proxy [flags]");
  }
}
