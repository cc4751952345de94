package kubeproxy.apidecode;

import java.util.OptionalInt;

/// A failure as the API server tells it (`Status` of meta/v1).
///
/// @param code the HTTP status code, as in 410
/// @param reason one word, as in `Expired`; empty if there is none
/// @param message for people; may be empty
/// @param retryAfterSeconds `details.retryAfterSeconds`, if it is positive
public record ApiStatus(int code, String reason, String message, OptionalInt retryAfterSeconds) {}
