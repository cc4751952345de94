package kubeproxy.ipvs.apply;

import java.util.Set;
import kubeproxy.ipvs.apply.IpvsPort.Result;
import kubeproxy.ipvs.diff.Operation;
import kubeproxy.kernel.ipset.SetChange;
import kubeproxy.kernel.ipset.SetError;
import kubeproxy.kernel.ipvs.IpvsChange;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.Answer;
import kubeproxy.kernel.netlink.NetlinkError;
import kubeproxy.kernel.route.AddressChange;
import kubeproxy.model.IpFamily;

/// Operations as changes of the parts of the kernel, and what its answers mean.
final class ChangeWriter {
  private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ESRCH, Errno.EADDRNOTAVAIL);

  private ChangeWriter() {}

  /// Parts of the kernel that are changed over different sockets.
  enum Part {
    LINK,
    SETS,
    SERVERS,
    ADDRESSES
  }

  static Part part(Operation operation) {
    return switch (operation) {
      case Operation.MakeLink _ -> Part.LINK;
      case Operation.MakeSet _, Operation.AddEntry _, Operation.RemoveEntry _ -> Part.SETS;
      case Operation.AddAddress _, Operation.RemoveAddress _ -> Part.ADDRESSES;
      case Operation.AddServer _,
          Operation.EditServer _,
          Operation.RemoveServer _,
          Operation.AddBackend _,
          Operation.Revive _,
          Operation.Drain _,
          Operation.RemoveBackend _ ->
          Part.SERVERS;
    };
  }

  private static IllegalArgumentException misplaced(Operation operation) {
    return new IllegalArgumentException("for another part of the kernel: " + operation);
  }

  static SetChange set(Operation operation, IpFamily family) {
    return switch (operation) {
      case Operation.MakeSet(var set) ->
          new SetChange.Create(set.label(family), Translation.shape(set, family));
      case Operation.AddEntry(var entry) ->
          new SetChange.Add(entry.set().label(family), Translation.entry(entry.element()));
      case Operation.RemoveEntry(var entry) ->
          new SetChange.Delete(entry.set().label(family), Translation.entry(entry.element()));
      default -> throw misplaced(operation);
    };
  }

  static IpvsChange server(Operation operation) {
    return switch (operation) {
      case Operation.AddServer(var key, var scheduling) ->
          new IpvsChange.AddServer(Translation.server(key, scheduling));
      case Operation.EditServer(var key, var scheduling) ->
          new IpvsChange.EditServer(Translation.server(key, scheduling));
      case Operation.RemoveServer(var key) -> new IpvsChange.DeleteServer(Translation.address(key));
      case Operation.AddBackend(var key, var backend) ->
          new IpvsChange.AddDestination(
              Translation.address(key), Translation.destination(backend, 1));
      case Operation.Revive(var key, var backend) ->
          new IpvsChange.EditDestination(
              Translation.address(key), Translation.destination(backend, 1));
      case Operation.Drain(var key, var backend) ->
          new IpvsChange.EditDestination(
              Translation.address(key), Translation.destination(backend, 0));
      case Operation.RemoveBackend(var key, var backend) ->
          new IpvsChange.DeleteDestination(
              Translation.address(key), backend.address(), backend.port());
      default -> throw misplaced(operation);
    };
  }

  static AddressChange address(Operation operation, int link) {
    return switch (operation) {
      case Operation.AddAddress(var address) -> new AddressChange.Add(link, address);
      case Operation.RemoveAddress(var address) -> new AddressChange.Delete(link, address);
      default -> throw misplaced(operation);
    };
  }

  /// What the kernel's answer to a change means.
  static Result result(Operation operation, Answer answer) {
    return switch (answer) {
      case Answer.Complete(), Answer.Interrupted() -> new Result.Done();
      case Answer.Missing(String reason) -> new Result.Surprise(reason);
      case Answer.Refused(NetlinkError error) -> result(operation, error);
    };
  }

  private static Result result(Operation operation, NetlinkError error) {
    boolean absent = ABSENT.stream().anyMatch(error::is);
    boolean exists = error.is(Errno.EEXIST);
    boolean noLink = error.is(Errno.ENODEV);
    Result surprise = new Result.Surprise(operation + ": " + SetError.describe(error));
    return switch (operation) {
      case Operation.RemoveServer _,
          Operation.RemoveBackend _,
          Operation.RemoveAddress _,
          Operation.RemoveEntry _ ->
          absent || noLink ? new Result.Done() : refused(error);
      case Operation.AddAddress _, Operation.MakeLink _ ->
          exists ? new Result.Done() : noLink ? surprise : refused(error);
      case Operation.AddServer _ -> exists ? surprise : refused(error);
      case Operation.EditServer _ -> error.is(Errno.ESRCH) ? surprise : refused(error);
      case Operation.AddBackend _, Operation.Revive _, Operation.Drain _, Operation.AddEntry _ ->
          exists || absent ? surprise : refused(error);
      case Operation.MakeSet _ -> refused(error);
    };
  }

  private static Result.Refused refused(NetlinkError error) {
    return new Result.Refused(
        SetError.of(error).map(SetError::name).orElseGet(error::name), SetError.describe(error));
  }
}
