package kubeproxy.apiwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import kubeproxy.apiclient.ApiClientObserver;
import kubeproxy.apiclient.ApiClients;
import kubeproxy.apiclient.ApiTransport;
import kubeproxy.apiclient.ClientConfigException;
import kubeproxy.apiclient.ClientOptions;
import kubeproxy.apiclient.Surroundings;
import kubeproxy.logging.Logger;
import kubeproxy.testing.api.ApiCall;
import kubeproxy.testing.api.ApiKind;
import kubeproxy.testing.api.Fault;
import kubeproxy.testing.api.KubeconfigFile;
import kubeproxy.testing.api.ServerKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same over TLS, with the client that production uses.
class RealClientTest {
  @TempDir private Path folder;

  private static ApiTransport client(Path kubeconfig) {
    ClientOptions options =
        new ClientOptions(Optional.of(kubeconfig), Optional.empty(), -1, 0, "kube-proxy/test");
    try {
      return ApiClients.open(
          options, ApiClientObserver.NONE, Logger.SILENT, Surroundings.ofProcess());
    } catch (ClientConfigException e) {
      throw new AssertionError(e);
    }
  }

  private Follower overTls(ServerKeys keys, String authorities, WatchPacing pacing)
      throws IOException {
    return new Follower(
        options -> options.withPacing(pacing),
        keys,
        server -> {
          Path kubeconfig = folder.resolve("kubeconfig");
          KubeconfigFile.write(kubeconfig, server.address(), authorities);
          return client(kubeconfig);
        });
  }

  @Test
  void followsAndSurvivesANewCertificate() throws IOException, InterruptedException {
    ServerKeys first = ServerKeys.make(folder, "first");
    ServerKeys second = ServerKeys.make(folder, "second");
    try (Follower follower =
        overTls(first, first.certificate() + second.certificate(), Follower.hurried())) {
      follower.put("web", 80);
      follower.start().awaitSynced();
      follower.put("web", 81);
      follower.awaitPort("web", 81);
      assertThat(follower.server.calls().of(ApiCall::isWatch))
          .allSatisfy(c -> assertThat(c.header("authorization")).isEqualTo("Bearer fake-token"));

      follower.server.useKeys(second);
      follower.server.cutAll();
      follower.put("web", 82);
      follower.awaitPort("web", 82);

      assertThat(follower.lists()).isOne();
    }
  }

  @Test
  void faultsAreOvercome() throws IOException, InterruptedException {
    ServerKeys keys = ServerKeys.make(folder, "server");
    try (Follower follower = overTls(keys, keys.certificate(), Follower.impatient())) {
      follower.put("web", 80);
      follower.server.faults().next(c -> c.isOf(ApiKind.SERVICE), new Fault.Cut(100));
      follower.server.faults().next(c -> c.isOf(ApiKind.SERVICE), new Fault.Stall(50));
      follower.server.faults().next(c -> c.isOf(ApiKind.SERVICE), new Fault.Drop());
      follower.start().awaitSynced();
      follower.server.faults().next(Follower::servicesWatch, new Fault.Stall(10));
      follower.server.cutAll();
      follower.put("web", 81);
      follower.awaitPort("web", 81);
      follower.server.stopListening();
      follower.store.touch();
      follower.store.compact();
      follower.put("web", 82);
      follower.server.listenAgain();
      follower.awaitPort("web", 82);
    }
  }

  @Test
  void closingIsPromptWhileNothingAnswers() throws IOException, InterruptedException {
    ServerKeys keys = ServerKeys.make(folder, "server");
    Follower follower = overTls(keys, keys.certificate(), Follower.hurried());
    try (follower) {
      follower.server.faults().always(_ -> true, new Fault.Hang());
      follower.start();
      follower.awaitCalls(3, _ -> true);
    }

    assertThat(follower.syncedCount()).isZero();
  }
}
