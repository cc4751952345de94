package kubeproxy.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoQuoteTest {

  static List<Arguments> texts() {
    return List.of(
        Arguments.of("", "\"\""),
        Arguments.of("plain", "\"plain\""),
        Arguments.of("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""),
        Arguments.of("it's", "\"it's\""),
        Arguments.of("\u0007\b\f\n\r\t\u000b", "\"\\a\\b\\f\\n\\r\\t\\v\""),
        Arguments.of("\u0000\u001b\u007f", "\"\\x00\\x1b\\x7f\""),
        Arguments.of("\u0085\u00a0\u200b\u2028\ufeff", "\"\\u0085\\u00a0\\u200b\\u2028\\ufeff\""),
        Arguments.of("日本語 ü é", "\"日本語 ü é\""),
        Arguments.of("☺🙂", "\"☺🙂\""),
        Arguments.of("\ud800x", "\"\\ufffdx\""),
        Arguments.of("\ue000", "\"\\ue000\""),
        Arguments.of(Character.toString(0x10ffff), "\"\\U0010ffff\""));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void quotes(String text, String quoted) {
    assertThat(GoQuote.quote(text)).isEqualTo(quoted);
  }

  @Test
  void quotesLists() {
    assertThat(GoQuote.quote(List.of("a", "", "b c"))).isEqualTo("[\"a\" \"\" \"b c\"]");
    assertThat(GoQuote.quote(List.of())).isEqualTo("[]");
  }
}
