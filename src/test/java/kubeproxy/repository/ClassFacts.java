package kubeproxy.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a compiled class says about its dependencies and its static state.
///
/// @param name the class, like `kubeproxy.plan.Planner$1`
/// @param classes names of the classes it mentions anywhere, like `java.net.Socket`
/// @param members names of the fields and methods it uses, like `java.lang.System.nanoTime`
/// @param statics its static fields
record ClassFacts(
    String name, SortedSet<String> classes, SortedSet<String> members, List<StaticField> statics) {

  /// @param type name of the declared class; an array or primitive keeps its descriptor
  record StaticField(String name, String type, boolean isFinal) {}

  /// Class names inside descriptors, generic signatures and annotations.
  private static final Pattern DESCRIBED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  ClassFacts {
    classes = Collections.unmodifiableSortedSet(new TreeSet<>(classes));
    members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    statics = List.copyOf(statics);
  }

  static ClassFacts read(Path file) {
    try {
      return of(ClassFile.of().parse(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassFacts of(ClassModel model) {
    var classes = new TreeSet<String>();
    var members = new TreeSet<String>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry c when !c.asInternalName().startsWith("[") ->
            classes.add(dotted(c.asInternalName()));
        case MemberRefEntry m ->
            members.add(dotted(m.owner().asInternalName()) + "." + m.name().stringValue());
        case Utf8Entry text ->
            DESCRIBED
                .matcher(text.stringValue())
                .results()
                .forEach(found -> classes.add(dotted(found.group(1))));
        default -> {}
      }
    }
    var name = dotted(model.thisClass().asInternalName());
    return new ClassFacts(name, classes, members, staticsOf(model));
  }

  String packageName() {
    return packageOf(name);
  }

  static String packageOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }

  private static List<StaticField> staticsOf(ClassModel model) {
    return model.fields().stream()
        .filter(field -> field.flags().has(AccessFlag.STATIC))
        .map(ClassFacts::staticField)
        .toList();
  }

  private static StaticField staticField(FieldModel field) {
    var descriptor = field.fieldType().stringValue();
    var type =
        descriptor.startsWith("L")
            ? dotted(descriptor.substring(1, descriptor.length() - 1))
            : descriptor;
    return new StaticField(
        field.fieldName().stringValue(), type, field.flags().has(AccessFlag.FINAL));
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }
}
