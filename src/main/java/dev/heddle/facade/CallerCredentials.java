package dev.heddle.facade;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Credentials;
import dev.heddle.rpc.Headers;
import java.util.Optional;

/// What an exchange brings that may tell who makes its call: the same for every framing.
public final class CallerCredentials {
    private CallerCredentials() {}

    public static Credentials of(Exchange exchange) {
        return of(exchange, exchange.headers());
    }

    /// What it brings, with the header fields as the framing reads them.
    ///
    /// @param headers its header fields
    public static Credentials of(Exchange exchange, Headers headers) {
        return new Credentials(headers, exchange.clientCertificate(), Optional.empty());
    }
}
