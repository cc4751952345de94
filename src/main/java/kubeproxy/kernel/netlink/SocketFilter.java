package kubeproxy.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Classic packet filter programs (`linux/filter.h`) for netlink sockets.
final class SocketFilter {

  private static final int BPF_LD_W_ABS = 0x20;
  private static final int BPF_JEQ_K = 0x15;
  private static final int BPF_RET_K = 0x06;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int NLMSG_PID_OFFSET = 12;
  private static final int ACCEPT = -1;
  private static final int DROP = 0;

  private SocketFilter() {}

  /// Drops datagrams whose first message has `nlmsg_pid` `portId`.
  static byte[] dropPortId(int portId) {
    ByteBuffer program = ByteBuffer.allocate(4 * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
    instruction(program, BPF_LD_W_ABS, 0, 0, NLMSG_PID_OFFSET);
    // A load reads big-endian, the header is in native order.
    instruction(program, BPF_JEQ_K, 0, 1, ByteOrders.fromBig(portId));
    instruction(program, BPF_RET_K, 0, 0, DROP);
    instruction(program, BPF_RET_K, 0, 0, ACCEPT);
    return program.array();
  }

  private static void instruction(
      ByteBuffer program, int code, int ifTrue, int ifFalse, int operand) {
    program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
  }
}
