package kubeproxy.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// The values at the ends of nested records, by their paths, and copies of a record in which one of
/// them is another.
final class RecordLeaves {

  private RecordLeaves() {}

  /// Paths of all values that are no records, in order, as `node.nameOverride`.
  ///
  /// @param stop records that count as values
  static List<String> paths(Record root, List<Class<?>> stop) {
    List<String> paths = new ArrayList<>();
    for (RecordComponent component : root.getClass().getRecordComponents()) {
      Object value = value(root, component);
      if (value instanceof Record nested && !stop.contains(value.getClass())) {
        paths(nested, stop).forEach(path -> paths.add(component.getName() + "." + path));
      } else {
        paths.add(component.getName());
      }
    }
    return paths;
  }

  /// A copy in which the value at `path` is replaced by what `change` makes of it.
  static <T extends Record> T with(T root, String path, UnaryOperator<Object> change) {
    RecordComponent[] components = root.getClass().getRecordComponents();
    String[] steps = path.split("\\.", 2);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object value = value(root, components[i]);
      if (!components[i].getName().equals(steps[0])) {
        values[i] = value;
      } else {
        values[i] =
            steps.length == 1 ? change.apply(value) : with((Record) value, steps[1], change);
      }
    }
    return construct(root, components, values);
  }

  private static <T extends Record> T construct(
      T like, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = like.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked")
      T copy = (T) constructor.newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
