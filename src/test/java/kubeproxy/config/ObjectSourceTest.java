package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectSourceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | application/json",
        "application/json | '' | application/json",
        "application/vnd.kubernetes.protobuf | ''"
            + " | application/vnd.kubernetes.protobuf,application/json",
        "application/vnd.kubernetes.protobuf | application/json | application/json",
      })
  void protobufIsAskedForWithJsonBehind(String contentType, String accepted, String header) {
    ObjectSource.ApiServer source =
        new ObjectSource.ApiServer(
            Optional.empty(), Optional.empty(), contentType, accepted, 5, 10, Duration.ofHours(1));
    assertThat(source.accept()).isEqualTo(header);
  }
}
