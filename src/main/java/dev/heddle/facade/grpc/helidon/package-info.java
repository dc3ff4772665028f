/// gRPC on Helidon's own HTTP/2 and gRPC modules, with what they lack put right as far as their
/// extension points reach.
///
/// [HelidonGrpc] is the start: it configures a server. [HelidonConnections] stands in front of
/// Helidon's HTTP/2 connections, [HelidonStream] in front of its gRPC streams, and
/// [HelidonServerCall] in front of its calls. What they can't put right is listed in
/// `ARCHITECTURE.md`.
@NullMarked
package dev.heddle.facade.grpc.helidon;

import org.jspecify.annotations.NullMarked;
