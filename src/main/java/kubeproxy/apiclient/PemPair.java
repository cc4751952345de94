package kubeproxy.apiclient;

/// A client certificate and its key as text.
///
/// @param certificateOrigin where the certificate comes from, for messages
/// @param certificate PEM, with those that lead to the authority behind it
/// @param keyOrigin where the key comes from, for messages
/// @param key PEM
record PemPair(String certificateOrigin, String certificate, String keyOrigin, Secret key) {}
