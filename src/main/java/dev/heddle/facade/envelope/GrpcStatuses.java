package dev.heddle.facade.envelope;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.util.Base64;
import java.util.Optional;

/// The end of a call as gRPC has it: a code, a message, and the details in a trailer.
public final class GrpcStatuses {
    /// The trailer of the details.
    public static final String DETAILS = "grpc-status-details-bin";

    private static final String CODE = "grpc-status";
    private static final Headers OK = Headers.builder().set(CODE, "0").build();
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();
    private static final ByteString ELLIPSIS = ByteString.copyFromUtf8("…");

    /// Clients take at most 8 KiB of header fields by default, in which a status has to leave room.
    private static final int MAX_MESSAGE_BYTES = 1024;

    private static final int MAX_STATUS_BYTES = 3072;

    private GrpcStatuses() {}

    /// The message of a failure, as much of it as has room.
    public static String message(RpcException failure) {
        return shortened(failure.message());
    }

    /// A failure with its details: as many of them, from the first, as have room; empty if it has
    /// none.
    public static Optional<Status> details(RpcException failure) {
        var whole = failure.toStatus();
        var status = whole.toBuilder().clearDetails().setMessage(shortened(whole.getMessage()));
        var size = status.build().getSerializedSize();
        for (var detail : whole.getDetailsList()) {
            size += detail.getSerializedSize();
            if (size <= MAX_STATUS_BYTES) {
                status.addDetails(detail);
            }
        }
        return status.getDetailsCount() > 0 ? Optional.of(status.build()) : Optional.empty();
    }

    /// The trailers of a call that ended well.
    ///
    /// @param custom what the handler adds
    public static Headers trailers(Headers custom) {
        return custom.isEmpty() ? OK : Headers.builder().addAll(custom).set(CODE, "0").build();
    }

    /// The trailers of a call that failed.
    ///
    /// @param custom what the handler adds
    public static Headers trailers(Headers custom, RpcException failure) {
        var trailers =
                Headers.builder()
                        .addAll(custom)
                        .set(CODE, Integer.toString(failure.code().value()))
                        .set("grpc-message", PercentEncoding.encode(message(failure)));
        details(failure)
                .ifPresent(status ->
                        trailers.set(DETAILS, BASE64.encodeToString(status.toByteArray())));
        return trailers.build();
    }

    private static String shortened(String message) {
        if (message.length() <= MAX_MESSAGE_BYTES / 3) {
            return message;
        }
        var text = ByteString.copyFromUtf8(message);
        if (text.size() <= MAX_MESSAGE_BYTES) {
            return message;
        }
        var end = MAX_MESSAGE_BYTES - ELLIPSIS.size();
        while ((text.byteAt(end) & 0xC0) == 0x80) {
            end--;
        }
        return text.substring(0, end).concat(ELLIPSIS).toStringUtf8();
    }
}
