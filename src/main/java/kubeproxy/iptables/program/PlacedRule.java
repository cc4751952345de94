package kubeproxy.iptables.program;

/// A rule that stands among others in a chain.
public record PlacedRule(Table table, String chain, Rule rule) {}
