package kubeproxy.config;

import static kubeproxy.config.Completed.complete;
import static kubeproxy.config.Completed.completeFile;
import static kubeproxy.config.Completed.refusal;
import static kubeproxy.config.Completed.refusedFile;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingValidationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flushFrequency: -1s | logging.flushFrequency: Invalid value: \"-1s\": Must be greater than"
            + " zero",
        "flushFrequency: -1 | logging.flushFrequency: Invalid value: \"-1ns\": Must be greater than"
            + " zero",
        "format: xml | logging.format: Invalid value: \"xml\": Unsupported log format",
        "verbosity: 2147483648 | logging.verbosity: Invalid value: 2147483648: Must be <="
            + " 2147483647",
        "vmodule: [{filePattern: '', verbosity: 1}] | logging.vmodule[0]: Required value: File"
            + " pattern must not be empty",
        "vmodule: [{filePattern: a}, {filePattern: 'a=b'}] | logging.vmodule[1]: Invalid value:"
            + " \"a=b\": File pattern must not contain equal sign or comma",
        "vmodule: [{filePattern: a, verbosity: 4294967295}] | logging.vmodule[0]: Invalid value:"
            + " 4294967295: Must be <= 2147483647",
        "options: {text: {splitStream: true}} | logging.options.text.splitStream: Forbidden:"
            + " Feature LoggingAlphaOptions is disabled",
        "options: {text: {infoBufferSize: 1}} | logging.options.text.infoBufferSize: Forbidden:"
            + " Feature LoggingAlphaOptions is disabled",
        "options: {json: {splitStream: true}} | logging.options.json.splitStream: Forbidden:"
            + " Feature LoggingAlphaOptions is disabled",
        "options: {json: {infoBufferSize: 1Ki}} | logging.options.json.infoBufferSize: Forbidden:"
            + " Feature LoggingAlphaOptions is disabled",
      })
  void refusesWhatMakesNoSense(String lines, String expected) {
    assertThat(refusedFile("logging:\n  " + lines.strip()))
        .isEqualTo("initialize logging: " + expected);
  }

  @Test
  void levelsOfFilesAreForTextOnly() {
    assertThat(refusal("--logging-format=json", "--vmodule=a=1"))
        .isEqualTo(
            "initialize logging: logging.vmodule: Forbidden: Only supported for text log format");
  }

  @Test
  void jsonNeedsItsGate() {
    assertThat(refusal("--logging-format=json", "--feature-gates=LoggingBetaOptions=false"))
        .isEqualTo(
            "initialize logging: logging.format: Forbidden: Log format json is disabled, see"
                + " LoggingBetaOptions feature");
    assertThat(complete("--logging-format=json").options().logging().format())
        .isEqualTo(LoggingOptions.Format.JSON);
  }

  @Test
  void alphaOptionsNeedTheirGate() {
    assertThat(
            completeFile(
                    """
                    featureGates: {LoggingAlphaOptions: true}
                    logging: {options: {text: {splitStream: true, infoBufferSize: 1}}}
                    """)
                .options()
                .logging()
                .text())
        .isEqualTo(new LoggingOptions.Streams(true, 1));
  }

  /// Because all else is logged with it.
  @Test
  void comesBeforeEverythingElse() {
    assertThat(refusedFile("mode: nope\nlogging: {format: xml, verbosity: 3000000000}"))
        .isEqualTo(
            "initialize logging: [logging.format: Invalid value: \"xml\": Unsupported log format,"
                + " logging.verbosity: Invalid value: 3000000000: Must be <= 2147483647]");
    assertThat(refusal("--log-flush-frequency=0"))
        .isEqualTo(
            "initialize logging: logging.flushFrequency: Invalid value: \"0s\": Must be greater"
                + " than zero");
  }
}
