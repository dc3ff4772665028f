/// TLS for the connections of a listener that knows none: [dev.heddle.http.tls.TlsServer] lays it
/// over a socket.
///
/// Helidon's own TLS is passed by for what can't be mended from outside: its handshake has no bound
/// in time, each one that fails takes a place of `server.max-connections` away for good, and its
/// sockets can't be closed at once while a peer that does not read holds a writer.
@NullMarked
package dev.heddle.http.tls;

import org.jspecify.annotations.NullMarked;
