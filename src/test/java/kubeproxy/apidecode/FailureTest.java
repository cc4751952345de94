package kubeproxy.apidecode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Failures whose body is no `Status`.
class FailureTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "upstream connect error\nor disconnect\t!", "{\"kind\":\"Pod\"}", "{"})
  void aFailureWithoutStatusKeepsItsCodeAndText(String text) {
    for (ApiEncoding encoding : ApiEncoding.values()) {
      ApiStatus status = Answers.status(encoding, text.getBytes(UTF_8), 502);

      assertThat(status)
          .isEqualTo(
              new ApiStatus(
                  502, "", text.replace('\n', ' ').replace('\t', ' '), OptionalInt.empty()));
    }
  }

  @Test
  void aFailureInBytesOrWithALongPageIsShort() {
    byte[] page = ("<html>" + "x".repeat(5000)).getBytes(UTF_8);

    assertThat(Answers.status(ApiEncoding.JSON, new byte[] {1, 0, 2}, 500).message()).isEmpty();
    assertThat(Answers.status(ApiEncoding.JSON, page, 500).message()).hasSize(203);
  }
}
