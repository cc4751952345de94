/// Rules about this repository, kept as tests: who may refer to whom, and what a tidy tree looks
/// like. They read compiled classes and source files, and know nothing of what those do.
@NullMarked
package kubeproxy.repository;

import org.jspecify.annotations.NullMarked;
