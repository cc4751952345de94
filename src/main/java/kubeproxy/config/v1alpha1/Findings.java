package kubeproxy.config.v1alpha1;

import java.util.ArrayList;
import java.util.List;

/// What is found while one file is read, in the order of the fields; each entry begins with
/// `file:line:column: `.
final class Findings {
  /// How many are told of each kind; nobody reads more.
  static final int MAX_TOLD = 20;

  private final String fileName;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  Findings(String fileName) {
    this.fileName = fileName;
  }

  void warn(Node at, String problem) {
    warnings.add(place(at.line(), at.column()) + problem);
  }

  void refuse(Node at, String problem) {
    errors.add(place(at.line(), at.column()) + problem);
  }

  String place(int line, int column) {
    return fileName + ":" + line + ":" + column + ": ";
  }

  List<String> warnings() {
    return bounded(warnings);
  }

  List<String> errors() {
    return bounded(errors);
  }

  private List<String> bounded(List<String> all) {
    if (all.size() <= MAX_TOLD) {
      return List.copyOf(all);
    }
    List<String> told = new ArrayList<>(all.subList(0, MAX_TOLD));
    told.add(fileName + ": and " + (all.size() - MAX_TOLD) + " more");
    return List.copyOf(told);
  }
}
