package kubeproxy.ipvs.diff;

import java.util.Map;
import java.util.Set;
import kubeproxy.ipvs.program.Fragment;
import kubeproxy.ipvs.program.ServerKey;
import kubeproxy.ipvs.program.SetEntry;
import kubeproxy.ipvs.program.VirtualServer;
import kubeproxy.model.IpAddress;
import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// What all fragments together want. Used by one thread.
final class Holdings {
  /// What a Service has that is set aside comes after what others want; else two Services that
  /// exchange an address would wait for each other for ever.
  private static final int RANK_OF_YIELDING = 2;

  private final Claims<ServerKey, VirtualServer> servers = new Claims<>();
  private final Claims<IpAddress, Boolean> addresses = new Claims<>();
  private final Claims<SetEntry, Boolean> entries = new Claims<>();

  /// Changes of some Services.
  static final class Changes {
    private final Set<ObjectKey> services;
    private final Claims.Changes<ServerKey, VirtualServer> servers = new Claims.Changes<>();
    private final Claims.Changes<IpAddress, Boolean> addresses = new Claims.Changes<>();
    private final Claims.Changes<SetEntry, Boolean> entries = new Claims.Changes<>();

    /// @param before what they have now
    /// @param after what they are to have; null for nothing
    Changes(
        Map<ObjectKey, Fragment> before,
        Map<ObjectKey, ? extends @Nullable Fragment> after,
        Set<ObjectKey> yielding) {
      this.services = after.keySet();
      after.forEach((key, fragment) -> {
        Fragment old = before.get(key);
        if (old != null) {
          before(old);
        }
        if (fragment != null) {
          after(key, fragment, yielding.contains(key) ? RANK_OF_YIELDING : 0);
        }
      });
    }

    private void before(Fragment fragment) {
      fragment.servers().forEach(server -> servers.before(server.key()));
      fragment.addresses().forEach(addresses::before);
      fragment.entries().forEach(entries::before);
    }

    private void after(ObjectKey owner, Fragment fragment, int rank) {
      for (VirtualServer server : fragment.servers()) {
        int place = rank + (server.nodePort() ? 1 : 0);
        servers.after(server.key(), new Claims.Claim<>(place, owner, server));
      }
      var claim = new Claims.Claim<>(rank, owner, Boolean.TRUE);
      fragment.addresses().forEach(address -> addresses.after(address, claim));
      fragment.entries().forEach(entry -> entries.after(entry, claim));
    }
  }

  Claims<ServerKey, VirtualServer> servers() {
    return servers;
  }

  Claims<IpAddress, Boolean> addresses() {
    return addresses;
  }

  Claims<SetEntry, Boolean> entries() {
    return entries;
  }

  /// Tells the draft what changes.
  void compare(Changes changes, Draft draft) {
    entries.compare(
        changes.entries, changes.services, (key, old, now) -> draft.entry(key, old, now));
    servers.compare(changes.servers, changes.services, draft::server);
    addresses.compare(changes.addresses, changes.services, draft::address);
  }

  void accept(Changes changes) {
    servers.accept(changes.servers, changes.services);
    addresses.accept(changes.addresses, changes.services);
    entries.accept(changes.entries, changes.services);
  }

  void clear() {
    servers.clear();
    addresses.clear();
    entries.clear();
  }
}
