package dev.heddle.rpc;

import java.security.cert.X509Certificate;
import java.util.Optional;

/// What a call brings along that may tell who makes it.
///
/// @param headers its header fields or metadata
/// @param certificate the caller's certificate, which the carrier found to be valid
/// @param ticket what was bought beforehand, by a caller who can't set header fields; it is good
///   for one use
public record Credentials(
        Headers headers, Optional<X509Certificate> certificate, Optional<String> ticket) {
    /// Credentials that are in header fields, or not there at all.
    public static Credentials of(Headers headers) {
        return new Credentials(headers, Optional.empty(), Optional.empty());
    }

    public Credentials withHeaders(Headers value) {
        return new Credentials(value, certificate, ticket);
    }

    public Credentials withTicket(Optional<String> value) {
        return new Credentials(headers, certificate, value);
    }
}
