package kubeproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentPagesTest {
  private static final String FLAGZ = "application/json;v=v1beta1;g=config.k8s.io;as=Flagz";
  private static final String STATUSZ = "application/json;v=v1beta1;g=config.k8s.io;as=Statusz";

  private final ManualClock clock = new ManualClock();
  private final Map<String, Route> routes =
      new ComponentPages(
              () -> "{}", new TreeMap<>(Map.of("v", "0", "config", "a\"b")), "v1.36.2", true, true)
          .routes(new TreeSet<>(List.of("/metrics")), clock);

  private Answer get(String path, String... headers) throws InterruptedException {
    return Objects.requireNonNull(routes.get(path)).answer(Requests.get(path, headers));
  }

  private static String body(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/*",
        "text/plain",
        "text/plain;charset=utf-8",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/json, text/plain;q=0.1",
        FLAGZ + ";q=0.5,text/plain",
      })
  void textIsForWhoeverTakesIt(String accept) throws Exception {
    Answer answer = accept.isEmpty() ? get("/flagz") : get("/flagz", "Accept", accept);
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
    assertThat(body(answer)).startsWith("\nkube-proxy flags\n").endsWith("\n\nconfig=a\"b\nv=0\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json;as=Flagz",
        "application/json;v=v1beta1;g=config.k8s.io;as=Statusz",
        "application/json;v=v1;g=config.k8s.io;as=Flagz",
        "application/json;v=v1beta1;g=apps;as=Flagz",
        "application/cbor;v=v1beta1;g=config.k8s.io;as=Flagz",
        "text/plain;charset=latin-1",
        "text/plain;q=0",
        "text/plain;q=much",
        "text/html",
        ";",
      })
  void whatIsNotServedIsRefused(String accept) throws Exception {
    assertThat(get("/flagz", "Accept", accept).code()).isEqualTo(406);
  }

  @Test
  void flagsAreAnObject() throws Exception {
    Answer answer = get("/flagz", "Accept", FLAGZ);
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
    assertThat(body(answer))
        .isEqualTo(
            "{\"kind\":\"Flagz\",\"apiVersion\":\"config.k8s.io/v1beta1\","
                + "\"metadata\":{\"name\":\"kube-proxy\"},"
                + "\"flags\":{\"config\":\"a\\\"b\",\"v\":\"0\"}}\n");
  }

  @Test
  void statusIsAnObject() throws Exception {
    clock.advance(Duration.ofMillis(3725_900));
    assertThat(body(get("/statusz", "Accept", STATUSZ)))
        .isEqualTo(
            """
            {"kind":"Statusz","apiVersion":"config.k8s.io/v1beta1","metadata":{"name":"kube-proxy"},\
            "startTime":"2026-11-22T16:50:27Z","uptimeSeconds":3725,\
            "binaryVersion":"1.36.2","emulationVersion":"1.36",\
            "paths":["/configz","/flagz","/metrics","/statusz"]}
            """);
  }

  @Test
  void versionAndEncodingAreThoseAskedFor() throws Exception {
    Answer answer = get("/flagz", "Accept", "application/yaml;as=Flagz;g=config.k8s.io;v=v1alpha1");
    assertThat(answer.headers()).containsEntry("Content-Type", "application/yaml");
    assertThat(body(answer)).contains("\"apiVersion\":\"config.k8s.io/v1alpha1\"");
  }

  @Test
  void theHeavierFormWins() throws Exception {
    Answer answer = get("/statusz", "Accept", "text/plain;q=0.3, " + STATUSZ + ";q=0.4");
    assertThat(body(answer)).startsWith("{\"kind\":\"Statusz\"");
  }

  @Test
  void statusIsAlsoText() throws Exception {
    clock.advance(Duration.ofMillis(3725_900));
    assertThat(body(get("/statusz")))
        .startsWith("\nkube-proxy statusz\n")
        .contains(
            "\nUp: 1 hr 02 min 05 sec\n",
            "\nBinary version: v1.36.2\n",
            "\nEmulation version: 1.36\n",
            "\nPaths: /configz /flagz /metrics /statusz\n");
  }
}
