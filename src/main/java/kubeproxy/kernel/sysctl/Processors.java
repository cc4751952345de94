package kubeproxy.kernel.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many processors the machine has, whatever part of them this process may use.
public final class Processors {

  /// Where the kernel lists them.
  public static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  private Processors() {}

  /// Logical processors that are online, at least 1; where the kernel does not tell, those that
  /// this process may use.
  ///
  /// @param online [#ONLINE], a list of ranges as `0-3,8`
  public static int count(Path online) {
    try {
      int count = countRanges(Files.readString(online).strip());
      return count > 0 ? count : Runtime.getRuntime().availableProcessors();
    } catch (IOException | NumberFormatException unknown) {
      return Runtime.getRuntime().availableProcessors();
    }
  }

  private static int countRanges(String list) {
    int count = 0;
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      count += last - first + 1;
    }
    return count;
  }
}
