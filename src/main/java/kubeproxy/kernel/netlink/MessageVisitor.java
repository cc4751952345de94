package kubeproxy.kernel.netlink;

import java.io.IOException;

/// Takes the messages of an answer, one by one.
@FunctionalInterface
public interface MessageVisitor {

  /// @param message is at the message; what it reads is valid during this call only. Must not be
  ///     moved, and no request may be sent on the same socket.
  void visit(MessageReader message) throws IOException;
}
