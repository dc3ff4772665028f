package dev.heddle.facade;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Inbound;
import java.util.Optional;

/// Messages that come in the body of a request.
public record BodyInbound<Q>(Inbound<Q> in, Exchange exchange) implements Inbound<Q> {
    @Override
    public Optional<Q> next() {
        return in.next();
    }

    @Override
    public void release() {
        exchange.releaseBody();
    }
}
