package kubeproxy.app;

import java.io.IOException;
import kubeproxy.dataplane.Dataplane;
import kubeproxy.model.IpFamily;

/// What one mode contributes to a [Pipeline]: its data planes, and whatever they share. Closed
/// after
/// the data planes, which the sync loop closes itself.
public interface ModeParts extends AutoCloseable {

  /// Makes the data plane of a family; called once for each.
  Dataplane dataplane(IpFamily family);

  @Override
  void close() throws IOException;
}
