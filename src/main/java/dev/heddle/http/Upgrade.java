package dev.heddle.http;

import dev.heddle.rpc.Headers;
import java.io.IOException;

/// What a peer asks for who wants to speak another protocol in place of HTTP: see
/// [Exchange#upgrade]. Whoever does not want to answers the exchange as any other.
@FunctionalInterface
public interface Upgrade {
    /// Agrees, which takes the place of the response. What the carrier's version of HTTP has to say
    /// for it, such as the status, it says itself.
    ///
    /// @param headers what the protocol has to say
    /// @throws IllegalStateException if the response was started before
    Tunnel accept(Headers headers) throws IOException;
}
