package kubeproxy.kernel.netlink;

import java.nio.ByteOrder;

/// Turns numbers that were read from a buffer in native order into what they are in big-endian.
final class ByteOrders {

  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private ByteOrders() {}

  static short fromBig(short value) {
    return LITTLE_ENDIAN ? Short.reverseBytes(value) : value;
  }

  static int fromBig(int value) {
    return LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
  }

  static long fromBig(long value) {
    return LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
  }
}
