/// Noticing that files change: where to listen so that writes, renames and swapped links on the way
/// are all heard ([kubeproxy.files.Trail]), listening ([kubeproxy.files.FolderWatch]), and one file
/// followed with all that ([kubeproxy.files.FileFollower]).
///
/// Nothing here knows what the files are about. Network file systems and folders far above a file
/// raise no events, so whoever listens looks again now and then.
@NullMarked
package kubeproxy.files;

import org.jspecify.annotations.NullMarked;
