/// Text forms that every Kubernetes component writes and reads the way its common language does:
/// quoted strings and durations. Users see them in flags, log lines and error messages, so they are
/// the same here, character for character.
///
/// Pure, and it depends on nothing else of the project.
@NullMarked
package kubeproxy.text;

import org.jspecify.annotations.NullMarked;
