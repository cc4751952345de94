package kubeproxy.apidecode;

/// Keeps one copy of values that repeat, across all decoders that were given it: names of nodes,
/// namespaces and Services. Safe for use by several threads.
public final class ApiInterner {}
