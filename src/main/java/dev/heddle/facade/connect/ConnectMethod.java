package dev.heddle.facade.connect;

import dev.heddle.http.Exchange;
import java.io.IOException;
import java.util.List;

/// A method as Connect calls it.
sealed interface ConnectMethod permits UnaryMethod, StreamMethod {
    /// The HTTP methods that call it.
    List<String> httpMethods();

    /// Serves one call.
    ///
    /// @throws Refusal for what is no call
    void handle(Exchange exchange, ConnectReply reply) throws IOException, Refusal;
}
