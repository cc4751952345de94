package kubeproxy.config;

import static kubeproxy.config.Completed.complete;
import static kubeproxy.config.Completed.completeFile;
import static kubeproxy.config.Completed.refusedFile;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kubeproxy.text.GoDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Flags against the file.
class PrecedenceTest {

  /// One flag for each field that a file has, apart from those of the next tests.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--feature-gates=AllAlpha=true",
        "--profiling",
        "--show-hidden-metrics-for-version=1.35",
        "--oom-score-adj=1",
        "--config-sync-period=1s",
        "--kubeconfig=/k",
        "--kube-api-content-type=x",
        "--kube-api-qps=1",
        "--kube-api-burst=1",
        "--bind-address=10.0.0.1",
        "--bind-address-hard-fail",
        "--healthz-bind-address=10.0.0.1",
        "--metrics-bind-address=10.0.0.1",
        "--healthz-port=0",
        "--metrics-port=0",
        "--proxy-mode=ipvs",
        "--iptables-masquerade-bit=1",
        "--masquerade-all",
        "--iptables-localhost-nodeports=false",
        "--iptables-sync-period=1m",
        "--iptables-min-sync-period=0",
        "--ipvs-sync-period=1m",
        "--ipvs-min-sync-period=1s",
        "--ipvs-scheduler=sh",
        "--ipvs-exclude-cidrs=10.0.0.0/8",
        "--ipvs-strict-arp",
        "--ipvs-tcp-timeout=1s",
        "--ipvs-tcpfin-timeout=1s",
        "--ipvs-udp-timeout=1s",
        "--detect-local-mode=NodeCIDR",
        "--pod-bridge-interface=x",
        "--pod-interface-name-prefix=x",
        "--cluster-cidr=10.0.0.0/8",
        "--nodeport-addresses=10.0.0.0/8",
        "--conntrack-max-per-core=1",
        "--conntrack-min=1",
        "--conntrack-tcp-timeout-established=1s",
        "--conntrack-tcp-timeout-close-wait=1s",
        "--conntrack-tcp-be-liberal",
        "--conntrack-udp-timeout=1s",
        "--conntrack-udp-timeout-stream=1s",
        "--proxy-port-range=5",
        "--udp-timeout=1s",
      })
  void aFileReplacesFlags(String flag) {
    assertThat(complete(flag).configuration()).as("alone").isNotEqualTo(complete().configuration());
    Completion.Result.Complete both = completeFile("", flag);
    assertThat(both.configuration()).isEqualTo(completeFile("").configuration());
    assertThat(both.options()).isEqualTo(completeFile("").options());
    String name = flag.replaceFirst("=.*", "");
    assertThat(both.warnings())
        .containsExactly(name + " has no effect: the configuration file counts instead");
  }

  @Test
  void namesAllReplacedFlagsInOneLine() {
    assertThat(completeFile("", "--proxy-mode=ipvs", "--cluster-cidr=x", "-v2").warnings())
        .containsExactly(
            "--cluster-cidr, --proxy-mode have no effect: the configuration file counts instead");
    assertThat(completeFile("", "--hostname-override=x", "--vmodule=a=1").warnings()).isEmpty();
  }

  @Test
  void theNodesNameOnTheCommandLineCountsMore() {
    String file = "hostnameOverride: ' From-File '";
    assertThat(completeFile(file).options().node().nameOverride()).contains("from-file");
    assertThat(completeFile(file).configuration().identity().hostnameOverride())
        .isEqualTo(" From-File ");
    Completion.Result.Complete both = completeFile(file, "--hostname-override= FLAG ");
    assertThat(both.options().node().nameOverride()).contains("flag");
    assertThat(both.configuration().identity().hostnameOverride()).isEqualTo("flag");
    assertThat(completeFile(file, "--hostname-override=").options().node().nameOverride())
        .contains("from-file");
    assertThat(refusedFile(file, "--hostname-override= "))
        .isEqualTo("failed complete: empty hostname-override is invalid");
  }

  /// The start refuses it, because nothing but running needs the name.
  @Test
  void aBlankNameInTheFileIsNoName() {
    assertThat(completeFile("hostnameOverride: ' '").options().node().nameOverride()).contains("");
  }

  @Test
  void flagsAboutLoggingCountMore() {
    String file =
        """
        featureGates: {LoggingAlphaOptions: true}
        logging:
          flushFrequency: 7s
          verbosity: 5
          vmodule: [{filePattern: file, verbosity: 6}]
          options:
            text: {splitStream: true, infoBufferSize: 1k}
            json: {splitStream: true, infoBufferSize: 2k}
        """;
    LoggingOptions alone = completeFile(file).options().logging();
    assertThat(alone.verbosity()).isEqualTo(5);
    assertThat(alone.modules()).containsExactly(new ModuleLevel("file", 6));
    assertThat(alone.text()).isEqualTo(new LoggingOptions.Streams(true, 1000));
    assertThat(alone.json()).isEqualTo(new LoggingOptions.Streams(true, 2000));

    LoggingOptions both =
        completeFile(
                file,
                "-v=0",
                "--vmodule=flag=1",
                "--log-flush-frequency=1s",
                "--log-text-split-stream=false",
                "--log-json-info-buffer-size=0")
            .options()
            .logging();
    assertThat(both.verbosity()).isZero();
    assertThat(both.modules())
        .containsExactly(new ModuleLevel("flag", 1), new ModuleLevel("file", 6));
    assertThat(both.flushFrequency()).isEqualTo(Duration.ofSeconds(1));
    assertThat(both.text()).isEqualTo(new LoggingOptions.Streams(false, 1000));
    assertThat(both.json()).isEqualTo(new LoggingOptions.Streams(true, 0));
    assertThat(completeFile("logging: {format: json}", "--logging-format=text").options())
        .extracting(options -> options.logging().format())
        .isEqualTo(LoggingOptions.Format.TEXT);
  }

  @Test
  void flagsThatAreNoFieldsCountBesideAFile() {
    Completion.Result.Complete complete =
        completeFile(
            "",
            "--master=https://m",
            "--cleanup",
            "--cleanup-ipvs=false",
            "--write-config-to=/w",
            "--init-only",
            "--version=v1.2.3",
            "--config=/c",
            "--config-reload=exit",
            "--log-dir=/d");
    assertThat(complete.warnings()).isEmpty();
    ProxyOptions options = complete.options();
    assertThat(((ObjectSource.ApiServer) options.source()).master()).contains("https://m");
    assertThat(options.actions())
        .isEqualTo(
            new ActionOptions(
                Optional.of("/w"), true, false, true, Optional.of("/c"), ReloadMode.EXIT));
    assertThat(options.process().reportedVersion()).contains("v1.2.3");
    assertThat(options.logging().files().directory()).isEqualTo("/d");
  }

  @Test
  void passesWarningsOfTheFileOn() {
    assertThat(completeFile("colour: red\n", "--masquerade-all").warnings())
        .containsExactly(
            "f.yaml:3:1: unknown field \"colour\" is ignored",
            "--masquerade-all has no effect: the configuration file counts instead");
  }

  @Test
  void refusesAFileThatCannotBeRead() {
    assertThat(refusedFile("mode: 5"))
        .isEqualTo(
            "failed complete: failed to decode: f.yaml:3:7: mode: must be a text, but is the number"
                + " 5 (put it in quotes)");
  }

  /// A file that is written says what the file will mean, so old flags for ports do not count.
  @Test
  void portFlagsDoNotCountForAFileThatIsWritten() {
    ProxyOptions options =
        complete("--healthz-port=0", "--metrics-port=5", "--write-config-to=/w").options();
    assertThat(options.status()).isEqualTo(complete().options().status());
  }

  @ParameterizedTest
  @CsvSource({
    "iptables, 1m, 1s",
    "nftables, 1m, 1s",
    "userspace, 1m, 1s",
    "'', 1m, 1s",
    "ipvs, 2m, 2s"
  })
  void theModeDecidesWhichPeriodsCount(String mode, String period, String minimum) {
    ProxyOptions options =
        complete(
                "--proxy-mode=" + mode,
                "--iptables-sync-period=1m",
                "--iptables-min-sync-period=1s",
                "--ipvs-sync-period=2m",
                "--ipvs-min-sync-period=2s")
            .options();
    SyncPeriods sync = options.sync(options.mode().orElse(ProxyMode.NFTABLES));
    assertThat(sync.period()).isEqualTo(durationOf(period));
    assertThat(sync.minimum()).isEqualTo(durationOf(minimum));
  }

  private static Duration durationOf(String text) {
    return ((GoDuration.Parsed.Valid) GoDuration.parse(text)).duration();
  }

  @Test
  void namesFlagsOfOtherModes() {
    assertThat(complete("--proxy-mode=nftables", "--ipvs-scheduler=sh").warnings())
        .isEqualTo(
            List.of("--ipvs-scheduler has no effect: it is for ipvs, and the mode is nftables"));
    assertThat(complete("--ipvs-scheduler=sh").warnings()).isEmpty();
    assertThat(complete("--boot-id-file=x").warnings()).hasSize(1);
  }
}
