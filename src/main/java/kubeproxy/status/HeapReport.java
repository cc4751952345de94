package kubeproxy.status;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// What is in memory, as text.
final class HeapReport {
  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

  /// The largest classes tell; thousands of small ones do not.
  private static final int HISTOGRAM_LINES = 200;

  private HeapReport() {}

  /// Sizes of the parts of memory and the objects by class. The latter stops the process for a full
  /// collection.
  static String text() {
    return sizes() + "\nLargest classes, after a full collection\n" + histogram();
  }

  private static String sizes() {
    StringBuilder text = new StringBuilder(1024);
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    text.append("Memory, in bytes\n");
    line(text, "heap", memory.getHeapMemoryUsage());
    line(text, "outside of the heap", memory.getNonHeapMemoryUsage());
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      line(text, "pool " + pool.getName(), pool.getUsage());
    }
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      text.append("  buffers ").append(pool.getName());
      text.append(": count=").append(pool.getCount());
      text.append(" used=").append(pool.getMemoryUsed()).append('\n');
    }
    text.append("\nCollections\n");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      text.append("  ").append(collector.getName());
      text.append(": count=").append(collector.getCollectionCount());
      text.append(" milliseconds=").append(collector.getCollectionTime()).append('\n');
    }
    ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    text.append("\nClasses: loaded=").append(classes.getLoadedClassCount()).append('\n');
    return text.toString();
  }

  private static void line(StringBuilder text, String name, MemoryUsage usage) {
    text.append("  ").append(name).append(": used=").append(usage.getUsed());
    text.append(" committed=").append(usage.getCommitted());
    text.append(" max=").append(usage.getMax()).append('\n');
  }

  private static String histogram() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      Object lines =
          server.invoke(
              new ObjectName(COMMANDS),
              "gcClassHistogram",
              new Object[] {new String[0]},
              new String[] {String[].class.getName()});
      return Objects.toString(lines)
          .lines()
          .limit(HISTOGRAM_LINES)
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (JMException e) {
      return "not available: " + e.getMessage() + "\n";
    }
  }
}
