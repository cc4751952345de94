package kubeproxy.nftables.apply;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kubeproxy.kernel.netlink.MessageWriter;

/// User data: what the kernel stores with an object without looking at it. A list of one byte of
/// type, one of length, and the value, as `libnftnl/udata.h` has it.
final class UserData {
  /// Types that the `nft` tool reads: the comment of a table, chain, rule or element, and a set's.
  static final int COMMENT = 0;

  static final int SET_COMMENT = 7;

  /// Ours, unknown to the tool and skipped by it.
  static final int FINGERPRINT = 100;

  private static final int LONGEST_TEXT = 254;

  private UserData() {}

  /// A text.
  static void text(MessageWriter out, int type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, LONGEST_TEXT);
    out.rawU8(type).rawU8(length + 1).rawBytes(Arrays.copyOf(bytes, length + 1));
  }

  /// A number.
  static void number(MessageWriter out, int type, long value) {
    out.rawU8(type).rawU8(Long.BYTES).rawU64Big(value);
  }

  /// The number of this type, or 0.
  static long findNumber(byte[] userData, int type) {
    for (int at = 0; at + 2 <= userData.length; ) {
      int length = userData[at + 1] & 0xff;
      if ((userData[at] & 0xff) == type
          && length == Long.BYTES
          && at + 2 + length <= userData.length) {
        return ByteBuffer.wrap(userData, at + 2, length).getLong();
      }
      at += 2 + length;
    }
    return 0;
  }
}
