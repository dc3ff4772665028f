package dev.heddle.http;

import java.io.InputStream;
import java.io.OutputStream;

/// An exchange that carries another protocol: bytes in both directions, each independent of the
/// other. One thread may read while another writes.
///
/// @param input what the peer sends. Reading waits for as long as the peer is silent, and ends when
///   the peer, or [Exchange#abort], ends the exchange
/// @param output what goes to the peer, at once and unbuffered. Writing blocks while the peer is
///   slow, at most for the carrier's write timeout. Closing it says that the protocol has come to
///   its end; an exchange that returns without is cut
public record Tunnel(InputStream input, OutputStream output) {}
