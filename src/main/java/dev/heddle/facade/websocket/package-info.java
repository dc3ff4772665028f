/// Methods over WebSockets, one call a socket, by the contract in
/// `heddle/websocket/v1/websocket.proto`.
///
/// Start at [WebSocketFacade][dev.heddle.facade.websocket.WebSocketFacade]. The exchange's thread
/// receives, in a `Session`, for as long as the socket is open, and so learns at once that a caller
/// has gone; the handler of the one call, a `SocketCall`, has a thread of its own. Between them is
/// a `RequestQueue`, which credit bounds; what the handler sends it writes itself, when there is
/// credit and room for it.
@NullMarked
package dev.heddle.facade.websocket;

import org.jspecify.annotations.NullMarked;
