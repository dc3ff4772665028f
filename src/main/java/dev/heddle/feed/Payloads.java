package dev.heddle.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// Messages as payloads of events, which are their JSON: so that whoever subscribes to events can
/// read them, whatever service published them.
public final class Payloads {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().omittingInsignificantWhitespace();

    /// An event may have been published by a newer version.
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private Payloads() {}

    /// The payload that says what a message says.
    ///
    /// @throws RpcException INVALID_ARGUMENT where it holds what only its sender can have put in,
    ///   such as a number in a `google.protobuf.Value` that isn't finite
    public static String of(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "%s: a value that JSON doesn't have (expected: finite numbers, times and durations within their ranges)"
                                    .formatted(message.getDescriptorForType().getName()))
                    .withReason("NOT_JSON")
                    .withCause(e);
        }
    }

    /// Reads a payload.
    ///
    /// @param into a builder of the message that it is of
    /// @throws IllegalStateException for the payload of something else
    public static <B extends Message.Builder> B read(String payload, B into) {
        try {
            PARSER.merge(payload, into);
            return into;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "an event's payload is no %s"
                            .formatted(into.getDescriptorForType().getFullName()),
                    e);
        }
    }
}
