package kubeproxy.apiclient;

/// Is told what happens to a client. Called by the threads that send requests and read answers; it
/// must be quick and must not throw.
@FunctionalInterface
public interface ApiClientObserver {

  /// Does not care.
  ApiClientObserver NONE = _ -> {};

  /// Takes notice of an event.
  void on(ClientEvent event);
}
