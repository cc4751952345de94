package kubeproxy.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonQuoteTest {
  @Test
  void escapesWhatJsonAndYamlCannotHold() {
    assertThat(JsonQuote.quote("a\"b\\c\nd\te\u00a0\u2028"))
        .isEqualTo("\"a\\\"b\\\\c\\nd\\u0009e\\u00a0\\u2028\"");
    assertThat(JsonQuote.quote("Grüße")).isEqualTo("\"Grüße\"");
  }
}
