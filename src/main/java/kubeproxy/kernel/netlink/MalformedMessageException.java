package kubeproxy.kernel.netlink;

import java.io.IOException;

/// Bytes that are no netlink message, or one whose content is shorter than it says or than it has
/// to be. The kernel sends none; a reader that meets one has a wrong belief about the format.
public final class MalformedMessageException extends IOException {

  /// @param message what is wrong, with the offset
  public MalformedMessageException(String message) {
    super(message);
  }
}
