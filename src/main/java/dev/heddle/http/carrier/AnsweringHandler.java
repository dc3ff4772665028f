package dev.heddle.http.carrier;

import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.BodyTimeoutException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Failures;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Makes up for what a handler leaves open: every exchange is answered or aborted in the end.
public final class AnsweringHandler implements ExchangeHandler {
    private static final Logger LOGGER = System.getLogger(AnsweringHandler.class.getName());

    private final ExchangeHandler handler;

    public AnsweringHandler(ExchangeHandler handler) {
        this.handler = handler;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            handler.handle(exchange);
            if (!exchange.isResponseStarted()) {
                throw new IllegalStateException("a handler returned without an answer");
            }
        } catch (BodyTooLargeException e) {
            answer(exchange, new ErrorBody(413, e.getMessage()));
        } catch (BodyTimeoutException e) {
            answer(exchange, new ErrorBody(408, e.getMessage()));
        } catch (BodyMalformedException e) {
            answer(exchange, new ErrorBody(400, e.getMessage()));
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "an exchange ended early", e);
            exchange.abort();
        } catch (RuntimeException | Error e) {
            var message = Failures.toRpcException(e, "an HTTP exchange").message();
            answer(exchange, new ErrorBody(500, message));
        }
    }

    private static void answer(Exchange exchange, ErrorBody error) {
        if (exchange.isResponseStarted()) {
            exchange.abort();
            return;
        }
        try {
            exchange.respond(error.status(), ErrorBody.headers(), error.toBytes());
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "an error could not be sent", e);
            exchange.abort();
        }
    }
}
