package kubeproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kubeproxy.app.ModeOpener;
import kubeproxy.model.IpFamily;
import kubeproxy.testing.net.NetworkNamespace;
import kubeproxy.testing.scenario.Scenario.NodeOptions;
import kubeproxy.testing.scenario.Scenario.ObjectDocument;
import org.jspecify.annotations.Nullable;

/// A mode that is carried out by one proxy at a time.
abstract class OneProxy implements ModeUnderTest {
  private @Nullable Running running;

  /// A proxy, where it runs, and what it was told last.
  static final class Running {
    private final NetworkNamespace node;
    private final NodeOptions options;
    private final ProxyUnderTest proxy;
    private List<String> documents = List.of();

    private Running(ModeOpener opener, NetworkNamespace node, NodeOptions options)
        throws Exception {
      this.node = node;
      this.options = options;
      this.proxy = ProxyUnderTest.start(opener, node, options);
    }

    NetworkNamespace node() {
      return node;
    }

    NodeOptions options() {
      return options;
    }

    ProxyUnderTest proxy() {
      return proxy;
    }

    /// In the same place another process finds nothing to change. This proxy has ended.
    void expectNothingToChange(ModeOpener opener) throws Exception {
      try (ProxyUnderTest second = ProxyUnderTest.start(opener, node, options)) {
        second.apply(documents);
        assertThat(second.troubles()).isEmpty();
        for (IpFamily family : IpFamily.values()) {
          assertThat(second.operations(family)).as("operations of a new process").isZero();
        }
      }
    }
  }

  /// Starts the proxy.
  final void start(ModeOpener opener, NetworkNamespace node, NodeOptions options) throws Exception {
    running = new Running(opener, node, options);
  }

  @Override
  public void apply(List<ObjectDocument> objects) throws Exception {
    Running now = running();
    now.documents = objects.stream().map(ObjectDocument::yaml).toList();
    now.proxy.apply(now.documents);
    assertThat(now.proxy.troubles()).isEmpty();
  }

  @Override
  public void stop() {
    end();
  }

  /// Ends the proxy, if there is one.
  @Override
  public final void end() {
    if (running != null) {
      running.proxy.close();
      running = null;
    }
  }

  /// What runs; null if nothing does.
  final @Nullable Running runningIfAny() {
    return running;
  }

  final Running running() {
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }
}
