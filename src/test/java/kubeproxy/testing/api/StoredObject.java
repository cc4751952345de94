package kubeproxy.testing.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An object at one of its versions. What it looks like on the wire is made once.
final class StoredObject {
  private final ApiKind kind;
  private final Map<String, @Nullable Object> fields;
  private final long version;
  private final Map<String, byte[]> encoded = new LinkedHashMap<>();

  /// An object.
  ///
  /// @param tree without `kind` and `apiVersion`, with the version in its metadata
  private StoredObject(ApiKind kind, Map<String, @Nullable Object> tree, long version) {
    this.kind = kind;
    this.fields = tree;
    this.version = version;
  }

  static StoredObject of(ApiKind kind, Map<String, @Nullable Object> tree, long version) {
    Map<String, @Nullable Object> bare = new LinkedHashMap<>(tree);
    bare.remove("kind");
    bare.remove("apiVersion");
    String text = Long.toString(version);
    return new StoredObject(kind, Tree.with(bare, "metadata.resourceVersion", text), version);
  }

  /// The same object, as of another version.
  StoredObject at(long otherVersion) {
    return of(kind, fields, otherVersion);
  }

  ApiKind kind() {
    return kind;
  }

  Map<String, @Nullable Object> fields() {
    return fields;
  }

  long version() {
    return version;
  }

  /// `namespace/name`, by which lists are sorted.
  String key() {
    return Tree.textAt(fields, "metadata.namespace") + "/" + Tree.textAt(fields, "metadata.name");
  }

  /// As an item of a list.
  byte[] listItem(String apiVersion, Wire wire) {
    return cached("item " + apiVersion + wire, () -> wire.item(kind, apiVersion, fields));
  }

  /// As an event of a watch.
  byte[] event(String type, String apiVersion, Wire wire) {
    return cached(
        type + apiVersion + wire,
        () -> wire.event(type, apiVersion, kind.kindName(), kind, fields));
  }

  private synchronized byte[] cached(String name, Supplier<byte[]> bytes) {
    return encoded.computeIfAbsent(name, _ -> bytes.get());
  }

  @Override
  public String toString() {
    return key()
        + "@"
        + version
        + " "
        + new String(listItem("", Wire.JSON), StandardCharsets.UTF_8);
  }
}
