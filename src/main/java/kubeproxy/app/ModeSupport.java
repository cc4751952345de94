package kubeproxy.app;

import java.util.Set;
import kubeproxy.model.IpFamily;

/// Whether this host can carry out a mode.
///
/// @param families for which it can; none if the mode cannot be used at all
/// @param reason why it cannot for the others, or what was found; for people, may be empty
record ModeSupport(Set<IpFamily> families, String reason) {

  ModeSupport {
    families = Set.copyOf(families);
  }

  boolean usable() {
    return !families.isEmpty();
  }
}
