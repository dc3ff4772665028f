/// Carries HTTP over Helidon's listener: [dev.heddle.http.helidon.HelidonCarrier] attaches to a
/// Helidon web server, which accepts connections, does TLS and starts a virtual thread for each.
///
/// HTTP/1.1 is served here, on Helidon's extension point for protocols, and not by Helidon's own
/// connection class. That one has no time bounds, learns of a lost peer only by the next write,
/// holds a whole chunk of a body in memory, takes a length beside a transfer coding, and closes
/// without a word on HTTP/1.0; none of this can be put right from outside. HTTP/2 is Helidon's: its
/// connection serves requests through its routing, whose one filter hands them on.
///
/// To begin with: `PortConnection` tells the protocols apart, `Http1Connection` serves one request
/// after the other, `ConnectionInput` reads the socket, and `Watchdog` ends what takes too long.
@NullMarked
package dev.heddle.http.helidon;

import org.jspecify.annotations.NullMarked;
