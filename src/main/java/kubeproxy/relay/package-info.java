/// The relay: accepts connections and datagrams on this node and forwards them to backends, in this
/// process instead of in the kernel. The data path of the userspace mode, and of other modes where
/// the kernel cannot carry a frontend.
///
/// [kubeproxy.relay.Relay] is the way in. It knows nothing of Services but their names: which
/// addresses to listen on and which backends there are is told by its caller. Backends see the
/// address of the node, not the client's.
///
/// A few threads named `relay-0`, `relay-1` ... each run an event loop that owns its flows; what
/// other threads ask for is handed to them. Nothing here throws for what clients, backends or the
/// kernel do.
@NullMarked
package kubeproxy.relay;

import org.jspecify.annotations.NullMarked;
