package kubeproxy.decode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import kubeproxy.model.Label;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// The parts of `metadata` that matter to a node proxy.
final class ObjectMetadata {
  static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";
  private static final String DEFAULT_NAMESPACE = "default";
  private static final String PLAIN_TIME = "0000-00-00T00:00:00Z";
  private static final int UID_LENGTH = 36;
  private static final long SECONDS_PER_DAY = 86_400;

  private final Interner interner;
  String name = "";
  String namespace = "";
  String resourceVersion = "";
  long createdMillis;
  boolean deleting;

  /// Label `kubernetes.io/service-name`: the Service that an EndpointSlice belongs to.
  @Nullable String serviceName;

  /// Annotation `endpoints.kubernetes.io/last-change-trigger-time`, as written; empty if absent.
  String triggerTime = "";

  /// All labels, of objects of which they matter.
  final List<Label> labels = new ArrayList<>(0);

  /// Whether there is a label `service.kubernetes.io/service-proxy-name`, with whatever value.
  boolean foreignProxy;

  private final boolean keepsLabels;
  private final boolean keepsUid;
  private @Nullable UUID uid;

  /// @param keepsLabels whether all labels matter, not only those with a meaning of their own
  /// @param keepsUid whether the UID matters
  ObjectMetadata(Interner interner, boolean keepsLabels, boolean keepsUid) {
    this.interner = interner;
    this.keepsLabels = keepsLabels;
    this.keepsUid = keepsUid;
  }

  void read(TokenReader in) throws MalformedInput {
    Expect.fields(
        in,
        key -> {
          switch (key) {
            case "name" -> name = interner.text(Expect.text(in));
            case "namespace" -> namespace = interner.text(Expect.text(in));
            case "uid" -> readUid(in);
            case "resourceVersion" -> resourceVersion = Expect.text(in);
            case "creationTimestamp" -> createdMillis = timestamp(in);
            case "deletionTimestamp" -> deleting = timestamp(in) != 0;
            case "labels" -> Expect.fields(in, label -> readLabel(label, in));
            case "annotations" -> Expect.fields(in, name -> readAnnotation(name, in));
            default -> in.skip();
          }
        });
  }

  private void readUid(TokenReader in) throws MalformedInput {
    if (!keepsUid) {
      in.skip();
      return;
    }
    String text = Expect.optionalText(in);
    if (text != null && text.length() == UID_LENGTH) {
      try {
        UUID read = UUID.fromString(text);
        // It reads other forms, too, which would come out in this one.
        uid = read.toString().equals(text) ? read : null;
      } catch (IllegalArgumentException _) {
        uid = null;
      }
    }
  }

  private void readAnnotation(String annotation, TokenReader in) throws MalformedInput {
    if (annotation.equals(TRIGGER_TIME)) {
      triggerTime = Expect.text(in);
    } else {
      in.skip();
    }
  }

  private void readLabel(String label, TokenReader in) throws MalformedInput {
    if (keepsLabels) {
      labels.add(new Label(interner.text(label), interner.text(Expect.text(in))));
      return;
    }
    switch (label) {
      case "kubernetes.io/service-name" -> serviceName = interner.text(Expect.text(in));
      case "service.kubernetes.io/service-proxy-name" -> {
        Expect.text(in);
        foreignProxy = true;
      }
      default -> in.skip();
    }
  }

  /// A time as in RFC 3339, in milliseconds since the epoch; 0 for null.
  private static long timestamp(TokenReader in) throws MalformedInput {
    String text = Expect.optionalText(in);
    if (text == null) {
      return 0;
    }
    OptionalLong millis = millis(text);
    if (millis.isEmpty()) {
      throw in.malformed("must be a time as in 2026-01-31T12:00:00Z");
    }
    return millis.getAsLong();
  }

  /// A time as in RFC 3339, in milliseconds since the epoch; empty if it is none.
  static OptionalLong millis(String text) {
    try {
      return OptionalLong.of(
          plainSeconds(text) ? secondsOf(text) * 1000 : Instant.parse(text).toEpochMilli());
    } catch (DateTimeException | ArithmeticException _) {
      return OptionalLong.empty();
    }
  }

  /// Whether a time has the form that an API server writes, `2026-01-31T12:00:00Z`. Parsing any
  /// form takes longer than the rest of a small object.
  private static boolean plainSeconds(String text) {
    if (text.length() != PLAIN_TIME.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char form = PLAIN_TIME.charAt(i);
      char c = text.charAt(i);
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return false;
      }
    }
    return number(text, 11, 2) < 24 && number(text, 14, 2) < 60 && number(text, 17, 2) < 60;
  }

  private static long secondsOf(String text) {
    LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
    int minutes = number(text, 11, 2) * 60 + number(text, 14, 2);
    return day.toEpochDay() * SECONDS_PER_DAY + minutes * 60L + number(text, 17, 2);
  }

  private static int number(String digits, int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      number = number * 10 + (digits.charAt(i) - '0');
    }
    return number;
  }

  /// `uid`, where it matters and has the form that an API server gives it.
  @Nullable UUID uid() {
    return uid;
  }

  /// The key of an object that lives in a namespace.
  ObjectKey namespacedKey() {
    return new ObjectKey(namespaceOrDefault(), name);
  }

  String namespaceOrDefault() {
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }

  /// The key of an object that lives in no namespace.
  ObjectKey clusterKey() {
    return new ObjectKey("", name);
  }
}
