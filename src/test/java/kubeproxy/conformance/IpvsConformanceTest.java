package kubeproxy.conformance;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// As [ConformanceTest], for the `ipvs` mode, in a kernel that has virtual servers.
@Tag("ipvs")
class IpvsConformanceTest {

  @TestFactory
  Stream<DynamicNode> scenarios() throws IOException {
    return ConformanceTest.scenarios(List.of(new IpvsMode()));
  }
}
