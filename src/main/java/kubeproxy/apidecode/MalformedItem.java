package kubeproxy.apidecode;

/// An object that could not be decoded.
///
/// @param name `namespace/name`, or the name of what lives in no namespace, as far as it could be
///     read; empty if it could not
/// @param reason what is wrong and where in the object, for people, in one line
public record MalformedItem(String name, ApiResource resource, String reason) {}
