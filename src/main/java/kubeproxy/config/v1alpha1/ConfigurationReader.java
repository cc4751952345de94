package kubeproxy.config.v1alpha1;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kubeproxy.config.v1alpha1.Logging.OutputRouting;
import kubeproxy.config.v1alpha1.Logging.VmoduleItem;
import kubeproxy.text.GoQuote;

/// Reads a configuration file, YAML or JSON.
///
/// A file written for another release must not stop a node: fields that do not exist and repeated
/// ones are warnings. A value of the wrong type is an error; all of them are told.
///
/// An empty text and a zero stand for the default where the field cannot be left out in upstream's
/// own representation, so `minSyncPeriod: 0s` of iptables and nftables means the default, 1 s.
public final class ConfigurationReader {

  private ConfigurationReader() {}

  /// What a text turned out to be.
  public sealed interface Read {

    /// A configuration.
    ///
    /// @param warnings what was ignored, each as `file:line:column: what`
    record Known(KubeProxyConfiguration configuration, List<String> warnings) implements Read {
      public Known {
        warnings = List.copyOf(warnings);
      }
    }

    /// None.
    ///
    /// @param reason all that is wrong in one text, beginning with `failed to decode: `
    record Refused(String reason) implements Read {}
  }

  /// Reads the first document of a text.
  ///
  /// @param fileName how messages name the file
  public static Read read(String fileName, String text) {
    Findings findings = new Findings(fileName);
    try {
      return read(findings, NodeReader.first(text));
    } catch (MalformedDocument e) {
      return refused(List.of(findings.place(e.line(), e.column()) + e.problem()));
    }
  }

  private static Read read(Findings findings, Optional<Node> document) {
    if (document.isEmpty()) {
      return refused(List.of(findings.place(1, 1) + "the file is empty"));
    }
    Node node = document.get();
    if (!(node instanceof Node.Fields fields)) {
      return refused(
          List.of(
              findings.place(node.line(), node.column())
                  + "must be a mapping, but is "
                  + node.described()));
    }
    Section root = Section.root(findings, fields);
    String kind = root.text("kind").orElse("");
    String version = root.text("apiVersion").orElse("");
    Optional<String> stranger = stranger(kind, version);
    if (stranger.isPresent()) {
      findings.refuse(node, stranger.get());
      return refused(findings.errors());
    }
    KubeProxyConfiguration configuration = configuration(root);
    root.end();
    return findings.errors().isEmpty()
        ? new Read.Known(configuration, findings.warnings())
        : refused(findings.errors());
  }

  private static Read refused(List<String> errors) {
    String text = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
    return new Read.Refused("failed to decode: " + text);
  }

  /// Why a document is not ours.
  private static Optional<String> stranger(String kind, String version) {
    String wanted =
        "; a configuration of kube-proxy has apiVersion "
            + KubeProxyConfiguration.API_VERSION
            + " and kind "
            + KubeProxyConfiguration.KIND;
    if (kind.isEmpty()) {
      return Optional.of("Object 'Kind' is missing" + wanted);
    }
    if (version.isEmpty()) {
      return Optional.of("Object 'apiVersion' is missing" + wanted);
    }
    if (!kind.equals(KubeProxyConfiguration.KIND)
        || !version.equals(KubeProxyConfiguration.API_VERSION)) {
      return Optional.of(
          "no kind "
              + GoQuote.quote(kind)
              + " is registered for version "
              + GoQuote.quote(version)
              + wanted);
    }
    return Optional.empty();
  }

  private static KubeProxyConfiguration configuration(Section root) {
    KubeProxyConfiguration standard = KubeProxyConfiguration.DEFAULT;
    Identity identity =
        new Identity(
            root.text("hostnameOverride").orElse(""),
            notEmpty(root.text("bindAddress"), Identity.DEFAULT.bindAddress()));
    return new KubeProxyConfiguration(
        root.bools("featureGates"),
        root.section("clientConnection", ConfigurationReader::clientConnection),
        root.section("logging", ConfigurationReader::logging),
        identity,
        status(root, identity.bindAddress()),
        root.text("mode").orElse(""),
        root.section("iptables", ConfigurationReader::iptables),
        root.section("ipvs", ConfigurationReader::ipvs),
        root.section("nftables", ConfigurationReader::nftables),
        new Userspace(
            root.text("portRange").orElse(""),
            notZero(root.duration("udpIdleTimeout"), Userspace.DEFAULT.udpIdleTimeout())),
        windows(root),
        detectLocal(root),
        root.texts("nodePortAddresses"),
        root.section("conntrack", ConfigurationReader::conntrack),
        root.int32("oomScoreAdj").orElse(standard.oomScoreAdj()),
        notZero(root.duration("configSyncPeriod"), standard.configSyncPeriod()));
  }

  private static String notEmpty(Optional<String> text, String standard) {
    return text.filter(given -> !given.isEmpty()).orElse(standard);
  }

  private static Duration notZero(Optional<Duration> duration, Duration standard) {
    return duration.filter(given -> !given.isZero()).orElse(standard);
  }

  private static ClientConnection clientConnection(Section section) {
    return new ClientConnection(
        section.text("kubeconfig").orElse(""),
        section.text("acceptContentTypes").orElse(""),
        section.text("contentType").orElse(""),
        section.decimal("qps").orElse(0f),
        section.int32("burst").orElse(0));
  }

  private static Logging logging(Section section) {
    Logging standard = Logging.DEFAULT;
    String format = notEmpty(section.text("format"), standard.format());
    Duration flushFrequency =
        notZero(section.durationOrNanoseconds("flushFrequency"), standard.flushFrequency());
    long verbosity = section.uint32("verbosity").orElse(0L);
    List<VmoduleItem> vmodule =
        section.sections(
            "vmodule",
            item ->
                new VmoduleItem(
                    item.text("filePattern").orElse(""), item.uint32("verbosity").orElse(0L)));
    return section.section(
        "options",
        options ->
            new Logging(
                format,
                flushFrequency,
                verbosity,
                vmodule,
                options.section("text", ConfigurationReader::routing),
                options.section("json", ConfigurationReader::routing)));
  }

  private static OutputRouting routing(Section section) {
    return new OutputRouting(
        section.bool("splitStream").orElse(false),
        section.quantity("infoBufferSize").orElse(Quantity.ZERO));
  }

  private static StatusServers status(Section root, String nodeAddress) {
    return new StatusServers(
        BindAddress.healthz(root.text("healthzBindAddress").orElse(""), nodeAddress),
        BindAddress.metrics(root.text("metricsBindAddress").orElse(""), nodeAddress),
        root.bool("bindAddressHardFail").orElse(false),
        root.bool("enableProfiling").orElse(false),
        root.text("showHiddenMetricsForVersion").orElse(""));
  }

  private static Iptables iptables(Section section) {
    Iptables standard = Iptables.DEFAULT;
    return new Iptables(
        section.int32("masqueradeBit").orElse(standard.masqueradeBit()),
        section.bool("masqueradeAll").orElse(standard.masqueradeAll()),
        section.bool("localhostNodePorts").orElse(standard.localhostNodePorts()),
        notZero(section.duration("syncPeriod"), standard.syncPeriod()),
        notZero(section.duration("minSyncPeriod"), standard.minSyncPeriod()));
  }

  private static Nftables nftables(Section section) {
    Nftables standard = Nftables.DEFAULT;
    return new Nftables(
        section.int32("masqueradeBit").orElse(standard.masqueradeBit()),
        section.bool("masqueradeAll").orElse(standard.masqueradeAll()),
        notZero(section.duration("syncPeriod"), standard.syncPeriod()),
        notZero(section.duration("minSyncPeriod"), standard.minSyncPeriod()));
  }

  private static Ipvs ipvs(Section section) {
    Ipvs standard = Ipvs.DEFAULT;
    return new Ipvs(
        notZero(section.duration("syncPeriod"), standard.syncPeriod()),
        section.duration("minSyncPeriod").orElse(standard.minSyncPeriod()),
        section.text("scheduler").orElse(standard.scheduler()),
        section.texts("excludeCIDRs"),
        section.bool("strictARP").orElse(standard.strictArp()),
        section.duration("tcpTimeout").orElse(standard.tcpTimeout()),
        section.duration("tcpFinTimeout").orElse(standard.tcpFinTimeout()),
        section.duration("udpTimeout").orElse(standard.udpTimeout()));
  }

  private static Windows windows(Section root) {
    boolean service = root.bool("windowsRunAsService").orElse(false);
    return root.section(
        "winkernel",
        section ->
            new Windows(
                section.text("networkName").orElse(""),
                section.text("sourceVip").orElse(""),
                section.bool("enableDSR").orElse(false),
                section.text("rootHnsEndpointName").orElse(""),
                section.bool("forwardHealthCheckVip").orElse(false),
                service));
  }

  private static DetectLocal detectLocal(Section root) {
    String mode = root.text("detectLocalMode").orElse("");
    List<String> clusterCidrs =
        root.text("clusterCIDR")
            .filter(text -> !text.isEmpty())
            // A limit of -1 keeps empty parts, which are errors.
            .map(text -> List.of(text.split(",", -1)))
            .orElse(List.of());
    return root.section(
        "detectLocal",
        section ->
            new DetectLocal(
                mode,
                clusterCidrs,
                section.text("bridgeInterface").orElse(""),
                section.text("interfaceNamePrefix").orElse("")));
  }

  private static Conntrack conntrack(Section section) {
    Conntrack standard = Conntrack.DEFAULT;
    return new Conntrack(
        section.int32("maxPerCore").orElse(standard.maxPerCore()),
        section.int32("min").orElse(standard.min()),
        section.duration("tcpEstablishedTimeout").orElse(standard.tcpEstablishedTimeout()),
        section.duration("tcpCloseWaitTimeout").orElse(standard.tcpCloseWaitTimeout()),
        section.bool("tcpBeLiberal").orElse(standard.tcpBeLiberal()),
        section.duration("udpTimeout").orElse(standard.udpTimeout()),
        section.duration("udpStreamTimeout").orElse(standard.udpStreamTimeout()));
  }
}
