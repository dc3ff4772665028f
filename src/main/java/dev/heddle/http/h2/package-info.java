/// HTTP/2 (RFC 9113) on Helidon's extension point for protocols.
///
/// To begin with: [dev.heddle.http.h2.Http2Connection] owns the threads; `FrameReader` cuts what
/// arrives into frames, `FrameDispatcher` checks them and hands them to `Streams`, each of which is
/// an `Http2Stream` that its own thread serves; `ConnectionWriter` gathers what they send and
/// writes it at once; `Lifetime` ends connections in good time, `PeerLimits` those of peers who
/// only keep the server busy.
@NullMarked
package dev.heddle.http.h2;

import org.jspecify.annotations.NullMarked;
