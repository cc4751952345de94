package kubeproxy.iptables.apply;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `iptables-restore` says when it fails.
final class RestoreError {
  /// The exit code for problems with resources; with the legacy variant that is the lock.
  private static final int RESOURCE_PROBLEM = 4;

  /// `line 3 failed`, `line 3: RULE_APPEND failed (...)`, `Error occurred at line: 3`.
  private static final Pattern LINE = Pattern.compile("\\bline:? (\\d+)\\b");

  private RestoreError() {}

  /// The line of the input that it names, counted from 1; 0 if none.
  static int line(String errors) {
    Matcher matcher = LINE.matcher(errors);
    if (!matcher.find()) {
      return 0;
    }
    try {
      return Integer.parseInt(matcher.group(1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Whether it gave up waiting for others to release the lock.
  static boolean isLock(int code, String errors) {
    return code == RESOURCE_PROBLEM && errors.contains("xtables lock");
  }

  /// The message in one line, without the hint how to get help.
  static String oneLine(String errors) {
    int hint = errors.indexOf("\nTry `");
    String message = hint < 0 ? errors : errors.substring(0, hint);
    return message.strip().replaceAll("\\s*\\n\\s*", " ");
  }
}
