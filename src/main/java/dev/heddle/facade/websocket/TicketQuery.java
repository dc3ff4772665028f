package dev.heddle.facade.websocket;

import java.util.ArrayList;
import java.util.Optional;

/// The query of a handshake, which may hold a ticket besides what the method takes: for clients
/// that can neither set a header field nor offer a sub-protocol. Anything else that lets a caller
/// in stays out of URLs, which end up in logs.
///
/// @param ticket the ticket
/// @param rest the query without it, as it was sent
record TicketQuery(Optional<String> ticket, String rest) {
    private static final String NAME = "ticket=";

    static TicketQuery parse(String rawQuery) {
        var rest = new ArrayList<String>();
        var ticket = Optional.<String>empty();
        for (var pair : rawQuery.split("&", -1)) {
            if (ticket.isEmpty() && pair.startsWith(NAME)) {
                ticket = Optional.of(pair.substring(NAME.length()));
            } else {
                rest.add(pair);
            }
        }
        return new TicketQuery(ticket, String.join("&", rest));
    }
}
