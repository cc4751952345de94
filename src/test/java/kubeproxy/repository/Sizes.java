package kubeproxy.repository;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Lengths of Java files and of their methods, and the limits on both.
///
/// A length is known by the path of its file, for a method followed by `#` and its name; of methods
/// that share a name, the longest counts.
final class Sizes {
  static final int MAX_FILE_LINES = 400;
  static final int MAX_METHOD_LINES = 70;

  private Sizes() {}

  /// @param sources texts by path
  static SortedMap<String, Integer> measure(Map<String, String> sources) {
    var sizes = new TreeMap<String, Integer>();
    sources.forEach((path, text) -> sizes.put(path, (int) text.lines().count()));
    var files = sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, files);
    try {
      for (var unit : task.parse()) {
        new MethodScanner(unit, Trees.instance(task), sizes).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sizes;
  }

  /// Compares with the limits, and with the exceptions: sizes that were over the limit when
  /// somebody accepted them. An exception only shrinks, and goes when it is no longer needed.
  static List<String> violations(Map<String, Integer> sizes, Map<String, Integer> exceptions) {
    var violations = new ArrayList<String>();
    sizes.forEach((name, lines) -> {
      int accepted = exceptions.getOrDefault(name, limit(name));
      if (lines > accepted) {
        violations.add("%s has %d lines; the limit is %d".formatted(name, lines, accepted));
      }
    });
    exceptions.forEach((name, accepted) -> {
      int lines = sizes.getOrDefault(name, 0);
      if (lines < accepted || lines <= limit(name)) {
        violations.add("%s now has %d lines: update its exception".formatted(name, lines));
      }
    });
    return violations;
  }

  private static int limit(String name) {
    return name.contains("#") ? MAX_METHOD_LINES : MAX_FILE_LINES;
  }

  /// A text that the compiler takes for a file.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("source:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class MethodScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final Map<String, Integer> sizes;

    MethodScanner(CompilationUnitTree unit, Trees trees, Map<String, Integer> sizes) {
      this.unit = unit;
      this.trees = trees;
      this.sizes = sizes;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      var positions = trees.getSourcePositions();
      var lines = unit.getLineMap();
      var first = lines.getLineNumber(positions.getStartPosition(unit, method));
      var last = lines.getLineNumber(positions.getEndPosition(unit, method));
      var path = unit.getSourceFile().toUri().getPath().substring(1);
      sizes.merge(path + "#" + method.getName(), (int) (last - first + 1), Math::max);
      return super.visitMethod(method, null);
    }
  }
}
