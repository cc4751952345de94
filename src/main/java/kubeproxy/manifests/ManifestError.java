package kubeproxy.manifests;

import java.nio.file.Path;
import kubeproxy.decode.MalformedInput;

/// Why a file was rejected as a whole.
///
/// @param line from 1, or 0 if it is about the whole file
/// @param column from 1, or 0 if it is about the whole line or file
/// @param field path of the field within the document, or empty
/// @param value the offending value as text, or empty
/// @param message what is wrong
public record ManifestError(
    Path file, int line, int column, String field, String value, String message) {

  static ManifestError of(Path file, MalformedInput error) {
    return new ManifestError(
        file, error.line(), error.column(), error.path(), error.value(), error.message());
  }

  static ManifestError ofWhole(Path file, String message) {
    return new ManifestError(file, 0, 0, "", "", message);
  }

  /// One line for people, in the form of compilers: `a.yaml:7:11: spec.ports[0].port: must be a
  /// whole number, not "abc"`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file.toString());
    if (line > 0) {
      text.append(':').append(line);
    }
    if (column > 0) {
      text.append(':').append(column);
    }
    text.append(": ");
    if (!field.isEmpty()) {
      text.append(field).append(": ");
    }
    text.append(message);
    if (!value.isEmpty()) {
      text.append(", not \"").append(value).append('"');
    }
    return text.toString();
  }
}
