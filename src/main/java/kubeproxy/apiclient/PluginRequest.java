package kubeproxy.apiclient;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What a credential plugin is told, as the `ExecCredential` in `KUBERNETES_EXEC_INFO`.
///
/// @param authorityPem who vouches for the server
record PluginRequest(
    LoginMethod.Plugin plugin, Connection connection, Optional<String> authorityPem) {

  /// The text.
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeStringProperty("kind", "ExecCredential");
      out.writeStringProperty("apiVersion", plugin.apiVersion());
      out.writeName("spec");
      out.writeStartObject();
      if (plugin.provideClusterInfo()) {
        out.writeName("cluster");
        writeCluster(out);
      }
      // There is no terminal and nobody to ask.
      out.writeBooleanProperty("interactive", false);
      out.writeEndObject();
      out.writeEndObject();
    }
    return text.toString();
  }

  private void writeCluster(JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("server", connection.server().toString());
    connection.serverName().ifPresent(name -> out.writeStringProperty("tls-server-name", name));
    if (connection.insecure()) {
      out.writeBooleanProperty("insecure-skip-tls-verify", true);
    }
    authorityPem.ifPresent(pem ->
        out.writeStringProperty(
            "certificate-authority-data",
            Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));
    connection.proxy().ifPresent(proxy -> out.writeStringProperty("proxy-url", proxy.url()));
    if (!connection.compress()) {
      out.writeBooleanProperty("disable-compression", true);
    }
    if (plugin.clusterConfig().isPresent()) {
      out.writeName("config");
      writeValue(out, plugin.clusterConfig().get());
    }
    out.writeEndObject();
  }

  private static void writeValue(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach((name, each) -> {
          out.writeName(String.valueOf(name));
          writeValue(out, each);
        });
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(each -> writeValue(out, each));
        out.writeEndArray();
      }
      case Boolean flag -> out.writeBoolean(flag);
      case Long number -> out.writeNumber(number);
      case Integer number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case null -> out.writeNull();
      default -> out.writeString(value.toString());
    }
  }
}
