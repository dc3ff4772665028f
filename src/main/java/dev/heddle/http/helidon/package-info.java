/// Carries HTTP over Helidon's listener: [dev.heddle.http.helidon.HelidonCarrier] attaches to a
/// Helidon web server, which accepts connections and starts a virtual thread for each. Where it is
/// configured, `TlsConnection` lays TLS under what follows.
///
/// `PortConnection` tells the protocols apart: HTTP/1.1 is served by `http.h1`, HTTP/2 by Helidon's
/// own connection, which serves requests through its routing, whose one filter hands them on.
@NullMarked
package dev.heddle.http.helidon;

import org.jspecify.annotations.NullMarked;
