package kubeproxy.apidecode;

/// What a list, or a page of one, says beside its items.
///
/// @param resourceVersion `metadata.resourceVersion`: a watch goes on from there; empty if absent
/// @param continueToken `metadata.continue`: asks for the next page; empty on the last one
/// @param items how many objects were given to the sink, without the malformed ones
/// @param malformed how many objects could not be decoded
public record ListPage(String resourceVersion, String continueToken, long items, long malformed) {}
