package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.config.ProxyMode;
import kubeproxy.testing.api.Tree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The Grafana dashboard asks for metrics that the process exposes, by labels that they have.
class DashboardTest {
  private static final Path FILE =
      Path.of(System.getProperty("basedir", "")).resolve("docs/grafana/kube-proxy.json");

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:kubeproxy|kubernetes|rest_client|process|jvm)_\\w+");

  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

  /// What a dashboard of all nodes has no use for.
  private static final Set<String> NOT_SHOWN =
      Set.of(
          "kubeproxy_manifest_files",
          "kubeproxy_source_last_event_timestamp_seconds",
          "kubeproxy_sync_proxy_rules_iptables_total",
          "kubeproxy_sync_proxy_rules_iptables_last",
          "kubeproxy_token_reads_total");

  /// What Prometheus adds.
  private static final Set<String> ADDED = Set.of("job", "instance", "le");

  /// The answer to what is asked for.
  private record Query(String expression, String legend) {

    Set<String> labels() {
      Set<String> labels = new TreeSet<>();
      Matcher groupings = GROUPING.matcher(expression);
      while (groupings.find()) {
        labels.addAll(List.of(groupings.group(1).split(", ")));
      }
      Matcher shown = IN_LEGEND.matcher(legend);
      while (shown.find()) {
        labels.add(shown.group(1));
      }
      labels.removeAll(ADDED);
      return labels;
    }
  }

  private final Map<String, @Nullable Object> dashboard;
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, SortedSet<String>> labels = new HashMap<>();

  DashboardTest() throws IOException {
    dashboard = Tree.ofJson(Files.readString(FILE));
    for (ProxyMode mode : ProxyMode.values()) {
      Exposed exposed = new Exposed(mode);
      types.putAll(exposed.types());
      exposed.types().keySet().forEach(name -> labels.put(name, exposed.labels(name)));
    }
  }

  private static List<?> list(@Nullable Object tree) {
    return tree instanceof List<?> list ? list : List.of();
  }

  private List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (Object panel : list(dashboard.get("panels"))) {
      for (Object target : list(Tree.at(panel, "targets"))) {
        queries.add(new Query(Tree.textAt(target, "expr"), Tree.textAt(target, "legendFormat")));
      }
    }
    for (Object variable : list(Tree.at(dashboard, "templating.list"))) {
      if (Tree.textAt(variable, "type").equals("query")) {
        queries.add(new Query(Tree.textAt(variable, "query.query"), ""));
      }
    }
    return queries;
  }

  private List<String> metrics(Query query) {
    return METRIC.matcher(query.expression()).results().map(found -> name(found.group())).toList();
  }

  /// The name under which a time series is declared.
  private String name(String series) {
    String base = series.replaceFirst("_(bucket|sum|count)$", "");
    return types.getOrDefault(base, "").equals("histogram") ? base : series;
  }

  @Test
  void everyMetricIsExposed() {
    List<String> names = queries().stream().flatMap(query -> metrics(query).stream()).toList();
    assertThat(names).hasSizeGreaterThan(50);
    assertThat(types.keySet()).containsAll(names);
  }

  @Test
  void everyMetricOfOursIsShown() {
    List<String> shown = queries().stream().flatMap(query -> metrics(query).stream()).toList();
    Set<String> ours = new TreeSet<>(types.keySet());
    ours.removeIf(name -> !name.startsWith("kubeproxy_"));
    ours.removeAll(NOT_SHOWN);
    assertThat(shown).containsAll(ours);
  }

  @Test
  void everyLabelIsOneOfTheMetric() {
    for (Query query : queries()) {
      for (String name : metrics(query)) {
        assertThat(labels.get(name)).as(query.expression()).containsAll(query.labels());
      }
    }
  }

  @Test
  void panelsDoNotOverlap() {
    Set<String> cells = new TreeSet<>();
    Set<String> ids = new TreeSet<>();
    for (Object panel : list(dashboard.get("panels"))) {
      assertThat(ids.add(String.valueOf(Tree.at(panel, "id")))).isTrue();
      int left = number(panel, "x");
      int top = number(panel, "y");
      assertThat(left + number(panel, "w")).isLessThanOrEqualTo(24);
      for (int x = left; x < left + number(panel, "w"); x++) {
        for (int y = top; y < top + number(panel, "h"); y++) {
          assertThat(cells.add(x + "," + y)).as(Tree.textAt(panel, "title")).isTrue();
        }
      }
    }
  }

  private static int number(Object panel, String name) {
    return Integer.parseInt(String.valueOf(Tree.at(panel, "gridPos." + name)));
  }
}
