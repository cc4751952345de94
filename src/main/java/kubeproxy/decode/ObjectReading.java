package kubeproxy.decode;

import kubeproxy.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// What became of one object of a stream of many.
///
/// @param key its name as far as it could be read; the name is empty if it could not
/// @param resourceVersion `metadata.resourceVersion`, empty if there is none
/// @param error why there is no record of it, or null if it was given to the sink
/// @param lost whether the reader does not know where the object ends and cannot go on
public record ObjectReading(
    ObjectKey key, String resourceVersion, @Nullable MalformedInput error, boolean lost) {}
