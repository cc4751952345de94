package kubeproxy.testing.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The two forms in which the server writes objects.
enum Wire {
  JSON("application/json", "application/json") {
    @Override
    byte[] item(ApiKind kind, String apiVersion, Map<String, @Nullable Object> fields) {
      return utf8(Tree.toJson(Versions.fields(kind, apiVersion, fields)));
    }

    @Override
    byte[] event(
        String type,
        String apiVersion,
        String kindName,
        @Nullable ApiKind kind,
        Map<String, @Nullable Object> fields) {
      Map<String, @Nullable Object> shown =
          kind == null ? fields : Versions.fields(kind, apiVersion, fields);
      Object object = typed(apiVersion, kindName, shown);
      return utf8(Tree.toJson(Tree.of("type", type, "object", object)) + "\n");
    }

    @Override
    byte[] list(
        ApiKind kind,
        String apiVersion,
        Map<String, @Nullable Object> metadata,
        List<byte[]> items) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      String head =
          "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":["
              .formatted(kind.kindName(), apiVersion, Tree.toJson(metadata));
      out.writeBytes(utf8(head));
      for (int i = 0; i < items.size(); i++) {
        out.writeBytes(utf8(i == 0 ? "" : ","));
        out.writeBytes(items.get(i));
      }
      out.writeBytes(utf8("]}\n"));
      return out.toByteArray();
    }

    @Override
    byte[] status(Map<String, @Nullable Object> fields) {
      return utf8(Tree.toJson(typed("v1", "Status", fields)) + "\n");
    }
  },
  PROTOBUF(
      "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf;stream=watch") {
    @Override
    byte[] item(ApiKind kind, String apiVersion, Map<String, @Nullable Object> fields) {
      return new ProtobufEncoder()
          .message(message(kind, apiVersion), Versions.fields(kind, apiVersion, fields));
    }

    @Override
    byte[] event(
        String type,
        String apiVersion,
        String kindName,
        @Nullable ApiKind kind,
        Map<String, @Nullable Object> fields) {
      ProtobufEncoder encoder = new ProtobufEncoder();
      byte[] message =
          kind == null ? encoder.message(kindName, fields) : item(kind, apiVersion, fields);
      return encoder.event(type, encoder.envelope(apiVersion, kindName, message));
    }

    @Override
    byte[] list(
        ApiKind kind,
        String apiVersion,
        Map<String, @Nullable Object> metadata,
        List<byte[]> items) {
      ProtobufEncoder encoder = new ProtobufEncoder();
      byte[] message = encoder.list(metadata, items);
      return encoder.envelope(apiVersion, kind.kindName() + "List", message);
    }

    @Override
    byte[] status(Map<String, @Nullable Object> fields) {
      ProtobufEncoder encoder = new ProtobufEncoder();
      return encoder.envelope("v1", "Status", encoder.message("Status", fields));
    }
  };

  private final String mediaType;
  private final String watchMediaType;

  Wire(String mediaType, String watchMediaType) {
    this.mediaType = mediaType;
    this.watchMediaType = watchMediaType;
  }

  /// The first form that an `Accept` header names; JSON if it names none.
  static Wire accepted(String accept) {
    for (String part : accept.split(",")) {
      String type = part.strip();
      if (type.startsWith(PROTOBUF.mediaType)) {
        return PROTOBUF;
      }
      if (type.startsWith(JSON.mediaType)) {
        return JSON;
      }
    }
    return JSON;
  }

  String mediaType() {
    return mediaType;
  }

  String watchMediaType() {
    return watchMediaType;
  }

  /// An object as an item of a list.
  abstract byte[] item(ApiKind kind, String apiVersion, Map<String, @Nullable Object> fields);

  /// An event of a watch.
  ///
  /// @param kind null for a `Status`
  abstract byte[] event(
      String type,
      String apiVersion,
      String kindName,
      @Nullable ApiKind kind,
      Map<String, @Nullable Object> fields);

  /// A whole list.
  abstract byte[] list(
      ApiKind kind, String apiVersion, Map<String, @Nullable Object> metadata, List<byte[]> items);

  /// A `Status` as the body of an answer.
  abstract byte[] status(Map<String, @Nullable Object> fields);

  private static Map<String, @Nullable Object> typed(
      String apiVersion, String kindName, Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> typed = new LinkedHashMap<>();
    typed.put("kind", kindName);
    typed.put("apiVersion", apiVersion);
    typed.putAll(fields);
    return typed;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String message(ApiKind kind, String apiVersion) {
    return (Versions.isBetaSlice(kind, apiVersion) ? "Beta" : "") + kind.kindName();
  }

  /// What differs between the versions of a kind: slices of `v1beta1` name node and zone in
  /// `topology`.
  private static final class Versions {
    static boolean isBetaSlice(ApiKind kind, String apiVersion) {
      return kind == ApiKind.ENDPOINT_SLICE && apiVersion.endsWith("/v1beta1");
    }

    static Map<String, @Nullable Object> fields(
        ApiKind kind, String apiVersion, Map<String, @Nullable Object> fields) {
      if (!isBetaSlice(kind, apiVersion) || !(fields.get("endpoints") instanceof List<?> list)) {
        return fields;
      }
      List<Object> endpoints = new ArrayList<>();
      for (Object item : list) {
        Map<String, @Nullable Object> endpoint = new LinkedHashMap<>(Tree.map(item));
        Map<String, @Nullable Object> topology =
            Tree.of(
                "kubernetes.io/hostname", endpoint.remove("nodeName"),
                "topology.kubernetes.io/zone", endpoint.remove("zone"));
        endpoint.put("topology", topology);
        endpoints.add(endpoint);
      }
      return Tree.with(fields, "endpoints", endpoints);
    }
  }
}
