package dev.heddle.http;

import java.io.IOException;

/// Answers exchanges.
@FunctionalInterface
public interface ExchangeHandler {
    /// Answers one exchange on the current thread. At return the response is complete.
    ///
    /// @throws IOException if the peer has gone
    void handle(Exchange exchange) throws IOException;
}
