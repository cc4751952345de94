package kubeproxy.status;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Map;
import java.util.Set;
import kubeproxy.config.ProxyMode;

/// Metrics that kube-proxy has in some modes only: where it would not have one, neither do we, so
/// that an alert on its absence works for both. Safe for any thread.
interface ModeMetrics {

  /// Those of a mode, registered.
  ///
  /// @param families labels of the families that are synced; their series begin with 0
  static ModeMetrics of(ProxyMode mode, MetricFactory make, Set<String> families) {
    return switch (mode) {
      case NFTABLES -> new Nftables(make, families);
      case IPTABLES -> new Iptables(make, families);
      case IPVS -> new Ipvs(make, families);
      case USERSPACE -> new ModeMetrics() {};
    };
  }

  /// A plan was carried out.
  ///
  /// @param full whether what the kernel holds was read back and compared as a whole
  default void synced(String family, boolean full, double seconds) {}

  /// The kernel refused a plan, or it is not known what it made of it.
  default void refused(String family, boolean full) {}

  /// A sync failed.
  default void syncFailed(String family) {}

  /// How many objects are installed and how many of them the last sync wrote, by type.
  default void rules(String family, Map<String, Integer> all, Map<String, Integer> written) {}

  /// Latencies of both kinds of syncs.
  final class SyncKinds {
    private static final String FULL = "sync_full_proxy_rules_duration_seconds";
    private static final String PARTIAL = "sync_partial_proxy_rules_duration_seconds";
    private final Histogram full;
    private final Histogram partial;

    SyncKinds(MetricFactory make, Set<String> families) {
      String help = "SyncProxyRules latency in seconds for %s resyncs";
      full = make.histogram(FULL, help.formatted("full"), Buckets.sync(), ProxyMetrics.FAMILY);
      partial =
          make.histogram(PARTIAL, help.formatted("partial"), Buckets.sync(), ProxyMetrics.FAMILY);
      families.forEach(full::initLabelValues);
      families.forEach(partial::initLabelValues);
    }

    void synced(String family, boolean whole, double seconds) {
      (whole ? full : partial).labelValues(family).observe(seconds);
    }
  }

  /// Of the nftables mode.
  final class Nftables implements ModeMetrics {
    private final SyncKinds kinds;
    private final Counter syncFailures;

    Nftables(MetricFactory make, Set<String> families) {
      kinds = new SyncKinds(make, families);
      syncFailures =
          make.counter(
              "sync_proxy_rules_nftables_sync_failures_total",
              "Cumulative proxy nftables sync failures",
              ProxyMetrics.FAMILY);
      // What is not used any longer goes in the same transaction, so this stays 0.
      Counter cleanupFailures =
          make.counter(
              "sync_proxy_rules_nftables_cleanup_failures_total",
              "Cumulative proxy nftables cleanup failures",
              ProxyMetrics.FAMILY);
      families.forEach(syncFailures::initLabelValues);
      families.forEach(cleanupFailures::initLabelValues);
    }

    @Override
    public void synced(String family, boolean full, double seconds) {
      kinds.synced(family, full, seconds);
    }

    @Override
    public void syncFailed(String family) {
      syncFailures.labelValues(family).inc();
    }
  }

  /// Of the ipvs mode, which has `iptables-restore` too.
  final class Ipvs implements ModeMetrics {
    private final Counter restoreFailures;

    Ipvs(MetricFactory make, Set<String> families) {
      restoreFailures =
          make.counter(
              "sync_proxy_rules_iptables_restore_failures_total",
              "Cumulative proxy iptables restore failures",
              ProxyMetrics.FAMILY);
      families.forEach(restoreFailures::initLabelValues);
    }

    @Override
    public void refused(String family, boolean full) {
      restoreFailures.labelValues(family).inc();
    }
  }

  /// Of the iptables mode.
  final class Iptables implements ModeMetrics {
    private static final String TABLE = "table";

    /// Names of the types of rules, by the table they are in.
    private static final Map<String, String> TABLES =
        Map.of("filter", "filter-rule", "nat", "nat-rule");

    private final SyncKinds kinds;
    private final Ipvs restore;
    private final Counter partialFailures;
    private final Gauge total;
    private final Gauge last;

    Iptables(MetricFactory make, Set<String> families) {
      kinds = new SyncKinds(make, families);
      restore = new Ipvs(make, families);
      partialFailures =
          make.counter(
              "sync_proxy_rules_iptables_partial_restore_failures_total",
              "Cumulative proxy iptables partial restore failures",
              ProxyMetrics.FAMILY);
      total =
          make.gauge(
              "sync_proxy_rules_iptables_total",
              "Total number of iptables rules owned by kube-proxy",
              TABLE,
              ProxyMetrics.FAMILY);
      last =
          make.gauge(
              "sync_proxy_rules_iptables_last",
              "Number of iptables rules written by kube-proxy in last sync",
              TABLE,
              ProxyMetrics.FAMILY);
      families.forEach(partialFailures::initLabelValues);
      families.forEach(family -> rules(family, Map.of(), Map.of()));
    }

    @Override
    public void synced(String family, boolean full, double seconds) {
      kinds.synced(family, full, seconds);
    }

    @Override
    public void refused(String family, boolean full) {
      restore.refused(family, full);
      if (!full) {
        partialFailures.labelValues(family).inc();
      }
    }

    @Override
    public void rules(String family, Map<String, Integer> all, Map<String, Integer> written) {
      TABLES.forEach((table, type) -> {
        total.labelValues(table, family).set(all.getOrDefault(type, 0));
        last.labelValues(table, family).set(written.getOrDefault(type, 0));
      });
    }
  }
}
