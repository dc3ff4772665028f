/// What gRPC, gRPC-Web and Connect have in common: each message in an envelope of its own, and
/// around the messages the same timeouts, compression, binary metadata and statuses.
///
/// [MessageReader][dev.heddle.facade.envelope.MessageReader] reads the messages of a call,
/// [Envelope][dev.heddle.facade.envelope.Envelope] makes what is sent back, and
/// [Peer][dev.heddle.facade.envelope.Peer] knows whether anybody still wants it.
@NullMarked
package dev.heddle.facade.envelope;

import org.jspecify.annotations.NullMarked;
