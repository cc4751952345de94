package kubeproxy.status;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// All metrics of a registry, in the format and encoding the client prefers: Prometheus text 0.0.4
/// unless it would rather have OpenMetrics.
final class MetricsRoute implements Route {
  private static final int INITIAL_BYTES = 32 * 1024;

  private final PrometheusRegistry registry;
  private final ExpositionFormatWriter text =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final ExpositionFormatWriter openMetrics =
      OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();

  MetricsRoute(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Answer answer(Request request) {
    AcceptHeader accept = new AcceptHeader(request.headers().all("Accept"));
    double open = accept.weight("application/openmetrics-text");
    ExpositionFormatWriter writer =
        open > 0 && open >= accept.weight("text/plain") ? openMetrics : text;
    AcceptHeader encodings = new AcceptHeader(request.headers().all("Accept-Encoding"));
    boolean gzip = encodings.weight("gzip") > 0;
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", writer.getContentType());
    if (gzip) {
      headers.put("Content-Encoding", "gzip");
    }
    return new Answer(200, headers, write(writer, gzip));
  }

  private byte[] write(ExpositionFormatWriter writer, boolean gzip) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
    try (OutputStream output = gzip ? new GZIPOutputStream(bytes) : bytes) {
      writer.write(output, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
