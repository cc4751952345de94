package kubeproxy.config;

/// A configuration file that was read.
///
/// @param fileName how messages name it
/// @param text what is in it
public record ConfigurationText(String fileName, String text) {}
