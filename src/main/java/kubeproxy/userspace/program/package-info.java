/// What the relay is to do, as values: which pools of endpoints there are, and where connections to
/// them are taken.
///
/// Pure. A pool belongs to one Service port; several listeners may lead to one pool, and no two
/// listeners stand at the same place.
@NullMarked
package kubeproxy.userspace.program;

import org.jspecify.annotations.NullMarked;
