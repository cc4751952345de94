package kubeproxy.apidecode;

import static kubeproxy.apidecode.MessageShape.envelope;
import static kubeproxy.apidecode.MessageShape.flag;
import static kubeproxy.apidecode.MessageShape.inline;
import static kubeproxy.apidecode.MessageShape.message;
import static kubeproxy.apidecode.MessageShape.messages;
import static kubeproxy.apidecode.MessageShape.number;
import static kubeproxy.apidecode.MessageShape.text;
import static kubeproxy.apidecode.MessageShape.textMap;
import static kubeproxy.apidecode.MessageShape.texts;
import static kubeproxy.apidecode.MessageShape.time;

/// The messages of the Kubernetes API, as the `generated.proto` files of `k8s.io/api` and
/// `k8s.io/apimachinery` number their fields. A number is never given to another field, so one
/// shape is good for all releases.
final class ApiShapes {
  private static final MessageShape OBJECT_META =
      MessageShape.of(
          text(1, "name"),
          text(3, "namespace"),
          text(5, "uid"),
          text(6, "resourceVersion"),
          time(8, "creationTimestamp"),
          time(9, "deletionTimestamp"),
          textMap(11, "labels"),
          textMap(12, "annotations"));

  private static final MessageShape LIST_META =
      MessageShape.of(text(2, "resourceVersion"), text(3, "continue"));

  private static final MessageShape STATUS =
      MessageShape.of(
          text(3, "message"),
          text(4, "reason"),
          message(5, "details", MessageShape.of(number(5, "retryAfterSeconds"))),
          number(6, "code"));

  private static final MessageShape SERVICE =
      MessageShape.of(
          message(1, "metadata", OBJECT_META),
          message(2, "spec", serviceSpec()),
          message(3, "status", serviceStatus()));

  /// In v1, field 5 is what v1beta1 calls `topology`, kept for conversions.
  private static final MessageShape ENDPOINT_SLICE_V1 =
      endpointSlice(
          MessageShape.of(
              texts(1, "addresses"),
              message(2, "conditions", endpointConditions()),
              textMap(5, "deprecatedTopology"),
              text(6, "nodeName"),
              text(7, "zone"),
              message(8, "hints", endpointHints())));

  private static final MessageShape ENDPOINT_SLICE_V1BETA1 =
      endpointSlice(
          MessageShape.of(
              texts(1, "addresses"),
              message(2, "conditions", endpointConditions()),
              textMap(5, "topology"),
              text(6, "nodeName"),
              message(7, "hints", endpointHints())));

  private static final MessageShape ENDPOINTS =
      MessageShape.of(
          message(1, "metadata", OBJECT_META), messages(2, "subsets", endpointSubset()));

  private static final MessageShape NODE =
      MessageShape.of(
          message(1, "metadata", OBJECT_META),
          message(2, "spec", nodeSpec()),
          message(
              3,
              "status",
              MessageShape.of(
                  messages(5, "addresses", MessageShape.of(text(1, "type"), text(2, "address"))))));

  private static final MessageShape SERVICE_CIDR =
      MessageShape.of(
          message(1, "metadata", OBJECT_META),
          message(2, "spec", MessageShape.of(texts(1, "cidrs"))));

  private static final MessageShape METADATA_ONLY =
      MessageShape.of(message(1, "metadata", OBJECT_META));

  private static final MessageShape EVENT_TYPE = MessageShape.of(text(1, "type"));

  private ApiShapes() {}

  /// An object of a resource, without envelope.
  static MessageShape object(ApiResource resource) {
    return switch (resource) {
      case SERVICES -> SERVICE;
      case ENDPOINT_SLICES_V1 -> ENDPOINT_SLICE_V1;
      case ENDPOINT_SLICES_V1BETA1 -> ENDPOINT_SLICE_V1BETA1;
      case ENDPOINTS -> ENDPOINTS;
      case NODES -> NODE;
      case SERVICE_CIDRS_V1, SERVICE_CIDRS_V1BETA1, SERVICE_CIDRS_V1ALPHA1 -> SERVICE_CIDR;
    };
  }

  /// What is behind the magic bytes of a list.
  static MessageShape list(ApiResource resource) {
    return unknown(
        MessageShape.of(message(1, "metadata", LIST_META), messages(2, "items", object(resource))));
  }

  /// What is behind the magic bytes of a `Status`.
  static MessageShape status() {
    return unknown(STATUS);
  }

  /// An event of which only the type is read.
  static MessageShape eventType() {
    return EVENT_TYPE;
  }

  /// An event about an object.
  static MessageShape event(ApiResource resource) {
    return event(object(resource));
  }

  /// An event of which only the metadata of the object is read.
  static MessageShape bookmark() {
    return event(METADATA_ONLY);
  }

  /// An event that tells of a failure.
  static MessageShape failure() {
    return event(STATUS);
  }

  /// `WatchEvent` of meta/v1, with the `RawExtension` in it.
  private static MessageShape event(MessageShape object) {
    return MessageShape.of(message(2, "object", MessageShape.of(envelope(1, unknown(object)))));
  }

  /// `Unknown` of apimachinery/pkg/runtime: kind and version first, then the object.
  private static MessageShape unknown(MessageShape object) {
    MessageShape typeMeta = MessageShape.of(text(1, "apiVersion"), text(2, "kind"));
    return MessageShape.of(inline(1, typeMeta), inline(2, object));
  }

  private static MessageShape serviceSpec() {
    MessageShape port =
        MessageShape.of(
            text(1, "name"), text(2, "protocol"), number(3, "port"), number(5, "nodePort"));
    MessageShape clientIp = MessageShape.of(number(1, "timeoutSeconds"));
    return MessageShape.of(
        messages(1, "ports", port),
        text(3, "clusterIP"),
        text(4, "type"),
        texts(5, "externalIPs"),
        text(7, "sessionAffinity"),
        texts(9, "loadBalancerSourceRanges"),
        text(11, "externalTrafficPolicy"),
        number(12, "healthCheckNodePort"),
        message(14, "sessionAffinityConfig", MessageShape.of(message(1, "clientIP", clientIp))),
        // Removed in Kubernetes 1.22.
        texts(16, "topologyKeys"),
        texts(18, "clusterIPs"),
        texts(19, "ipFamilies"),
        text(22, "internalTrafficPolicy"));
  }

  private static MessageShape serviceStatus() {
    MessageShape ingress = MessageShape.of(text(1, "ip"), text(3, "ipMode"));
    return MessageShape.of(
        message(1, "loadBalancer", MessageShape.of(messages(1, "ingress", ingress))));
  }

  private static MessageShape endpointSlice(MessageShape endpoint) {
    MessageShape port = MessageShape.of(text(1, "name"), text(2, "protocol"), number(3, "port"));
    return MessageShape.of(
        message(1, "metadata", OBJECT_META),
        messages(2, "endpoints", endpoint),
        messages(3, "ports", port),
        text(4, "addressType"));
  }

  private static MessageShape endpointConditions() {
    return MessageShape.of(flag(1, "ready"), flag(2, "serving"), flag(3, "terminating"));
  }

  private static MessageShape endpointHints() {
    MessageShape hint = MessageShape.of(text(1, "name"));
    return MessageShape.of(messages(1, "forZones", hint), messages(2, "forNodes", hint));
  }

  private static MessageShape endpointSubset() {
    MessageShape address = MessageShape.of(text(1, "ip"), text(4, "nodeName"));
    MessageShape port = MessageShape.of(text(1, "name"), number(2, "port"), text(3, "protocol"));
    return MessageShape.of(
        messages(1, "addresses", address),
        messages(2, "notReadyAddresses", address),
        messages(3, "ports", port));
  }

  private static MessageShape nodeSpec() {
    return MessageShape.of(
        text(1, "podCIDR"),
        messages(5, "taints", MessageShape.of(text(1, "key"))),
        texts(7, "podCIDRs"));
  }
}
