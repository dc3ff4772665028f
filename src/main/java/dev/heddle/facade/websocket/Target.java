package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import dev.heddle.rpc.Rpc;
import java.util.function.UnaryOperator;

/// The method that a socket is for.
///
/// @param first fills in what the path and the query say of the first request
record Target<Q extends Message, R extends Message>(Rpc<Q, R> rpc, UnaryOperator<Message> first) {}
