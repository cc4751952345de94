package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.config.ProxyMode;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Problem;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
  private final ManualClock clock = new ManualClock();
  private final ProxyMetrics metrics =
      new ProxyMetrics(
          ProxyMode.NFTABLES,
          EnumSet.allOf(IpFamily.class),
          new BuildDescription("v1.36.0", "abc", "linux/amd64"),
          clock);

  /// Name, type and labels of every metric.
  private static final String EXPECTED =
      """
      jvm_memory_committed_bytes gauge [area]
      jvm_memory_used_bytes gauge [area]
      kubeproxy_apply_duration_seconds histogram [ip_family]
      kubeproxy_config_last_reload_successful gauge []
      kubeproxy_conntrack_reconciler_deleted_entries_total counter [ip_family]
      kubeproxy_conntrack_reconciler_sync_duration_seconds histogram [ip_family]
      kubeproxy_installed_objects gauge [ip_family, type]
      kubeproxy_kernel_drift_repaired_total counter [ip_family]
      kubeproxy_manifest_files gauge [state]
      kubeproxy_network_programming_duration_seconds histogram [ip_family]
      kubeproxy_plan_duration_seconds histogram [ip_family]
      kubeproxy_problems gauge [reason]
      kubeproxy_proxy_healthz_total counter [code]
      kubeproxy_proxy_livez_total counter [code]
      kubeproxy_services_set_aside gauge [ip_family]
      kubeproxy_source_last_event_timestamp_seconds gauge []
      kubeproxy_sync_full_proxy_rules_duration_seconds histogram [ip_family]
      kubeproxy_sync_partial_proxy_rules_duration_seconds histogram [ip_family]
      kubeproxy_sync_proxy_rules_duration_seconds histogram [ip_family]
      kubeproxy_sync_proxy_rules_endpoint_changes_pending gauge []
      kubeproxy_sync_proxy_rules_endpoint_changes_total counter []
      kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds gauge [ip_family]
      kubeproxy_sync_proxy_rules_last_timestamp_seconds gauge [ip_family]
      kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total counter [ip_family]
      kubeproxy_sync_proxy_rules_nftables_sync_failures_total counter [ip_family]
      kubeproxy_sync_proxy_rules_no_local_endpoints_total gauge [ip_family, traffic_policy]
      kubeproxy_sync_proxy_rules_service_changes_pending gauge []
      kubeproxy_sync_proxy_rules_service_changes_total counter []
      kubernetes_build_info gauge [git_commit, git_version, major, minor, platform]
      process_cpu_seconds_total counter []
      process_max_fds gauge []
      process_network_receive_bytes_total counter []
      process_network_transmit_bytes_total counter []
      process_open_fds gauge []
      process_resident_memory_bytes gauge []
      process_start_time_seconds gauge []
      process_virtual_memory_bytes gauge []
      process_virtual_memory_max_bytes gauge []
      """;

  private String scrape() {
    return new String(
        new MetricsRoute(metrics.registry()).answer(Requests.get("/metrics")).body(),
        StandardCharsets.UTF_8);
  }

  @Test
  void hasTheseNamesTypesAndLabels() {
    metrics.installed(IpFamily.IPV4, Map.of("chain", 1), Map.of());
    metrics.manifestFiles("loaded", 1);
    metrics.watchPending(() -> 0, () -> 0);
    String text = scrape();
    List<String> found = new ArrayList<>();
    Matcher types = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(text);
    while (types.find()) {
      String name = types.group(1);
      found.add(name + " " + types.group(2) + " " + labels(text, name));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(EXPECTED.lines().toList());
  }

  private static SortedSet<String> labels(String text, String name) {
    SortedSet<String> labels = new TreeSet<>();
    Matcher sample = Pattern.compile("(?m)^" + name + "(?:_sum)?(?:\\{([^}]*)})? ").matcher(text);
    assertThat(sample.find()).as(name).isTrue();
    if (sample.group(1) != null) {
      Matcher label = Pattern.compile("(\\w+)=\"").matcher(sample.group(1));
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    return labels;
  }

  @Test
  void marksStability() {
    assertThat(scrape().lines().filter(line -> line.startsWith("# HELP kube")))
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.contains(" [ALPHA] "));
  }

  @Test
  void hasTheBucketsOfKubeProxy() {
    assertThat(Buckets.sync())
        .containsExactly(
            0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048,
            4.096, 8.192, 16.384);
    double[] bounds = Buckets.networkProgramming();
    assertThat(bounds).hasSize(81).isSorted().startsWith(0, 0.25, 0.5, 1, 2);
    assertThat(bounds).containsSequence(59, 60, 65).containsSequence(115, 120, 150).endsWith(300);
    assertThat(scrape().lines())
        .filteredOn(line -> line.startsWith("kubeproxy_sync_proxy_rules_duration_seconds_bucket"))
        .hasSize(2 * 16);
  }

  @Test
  void countsWhatItIsTold() {
    metrics.changed(3, 4);
    metrics.watchPending(() -> 1, () -> 2);
    metrics.queued(IpFamily.IPV4);
    metrics.planned(IpFamily.IPV4, 1_000_000_000);
    metrics.applied(IpFamily.IPV4, 2_000_000_000);
    metrics.synced(IpFamily.IPV4, true, 5, 3_000_000_000L);
    metrics.synced(IpFamily.IPV6, false, 0, 4_000_000_000L);
    metrics.syncFailed(IpFamily.IPV6);
    clock.advance(Duration.ofSeconds(3));
    metrics.programmed(IpFamily.IPV4, clock.instant().minus(Duration.ofSeconds(2)));
    // from before this process
    metrics.programmed(IpFamily.IPV4, clock.instant().minus(Duration.ofSeconds(4)));
    metrics.withoutLocalEndpoints(IpFamily.IPV4, 6, 7);
    metrics.flowsCleaned(IpFamily.IPV4, 8, 500_000_000);
    metrics.problems(Map.of(Problem.Reason.INVALID_VALUE, 9));
    metrics.setAside(IpFamily.IPV4, 10);
    metrics.installed(IpFamily.IPV4, Map.of("chain", 11), Map.of());
    metrics.manifestFiles("failed", 12);
    assertThat(scrape())
        .contains(
            "kubeproxy_sync_proxy_rules_service_changes_total 3.0\n",
            "kubeproxy_sync_proxy_rules_endpoint_changes_total 4.0\n",
            "kubeproxy_sync_proxy_rules_service_changes_pending 1.0\n",
            "kubeproxy_sync_proxy_rules_endpoint_changes_pending 2.0\n",
            "kubeproxy_plan_duration_seconds_sum{ip_family=\"IPv4\"} 1.0\n",
            "kubeproxy_apply_duration_seconds_sum{ip_family=\"IPv4\"} 2.0\n",
            "kubeproxy_sync_proxy_rules_duration_seconds_sum{ip_family=\"IPv4\"} 3.0\n",
            "kubeproxy_sync_full_proxy_rules_duration_seconds_sum{ip_family=\"IPv4\"} 3.0\n",
            "kubeproxy_sync_partial_proxy_rules_duration_seconds_sum{ip_family=\"IPv4\"} 0.0\n",
            "kubeproxy_sync_partial_proxy_rules_duration_seconds_sum{ip_family=\"IPv6\"} 4.0\n",
            "kubeproxy_kernel_drift_repaired_total{ip_family=\"IPv4\"} 5.0\n",
            "_nftables_sync_failures_total{ip_family=\"IPv6\"} 1.0\n",
            "_nftables_cleanup_failures_total{ip_family=\"IPv4\"} 0.0\n",
            "kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"} 1\n",
            "_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"internal\"} 6.0\n",
            "_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"external\"} 7.0\n",
            "kubeproxy_conntrack_reconciler_deleted_entries_total{ip_family=\"IPv4\"} 8.0\n",
            "kubeproxy_problems{reason=\"invalid_value\"} 9.0\n",
            "kubeproxy_services_set_aside{ip_family=\"IPv4\"} 10.0\n",
            "kubeproxy_installed_objects{ip_family=\"IPv4\",type=\"chain\"} 11.0\n",
            "kubeproxy_manifest_files{state=\"failed\"} 12.0\n",
            "git_commit=\"abc\",git_version=\"v1.36.0\",major=\"1\",minor=\"36\"");
    metrics.problems(Map.of());
    assertThat(scrape()).contains("kubeproxy_problems{reason=\"invalid_value\"} 0.0\n");
  }
}
