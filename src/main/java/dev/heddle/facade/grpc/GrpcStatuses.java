package dev.heddle.facade.grpc;

import com.google.protobuf.ByteString;
import dev.heddle.rpc.RpcException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;

/// Failures as gRPC has them: a code, a message, and the details in a trailer.
final class GrpcStatuses {
    private static final Metadata.Key<com.google.rpc.Status> DETAILS =
            Metadata.Key.of(
                    "grpc-status-details-bin",
                    ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private static final ByteString ELLIPSIS = ByteString.copyFromUtf8("…");

    /// Clients take at most 8 KiB of header fields by default, in which a status has to leave room.
    private static final int MAX_MESSAGE_BYTES = 1024;

    private static final int MAX_STATUS_BYTES = 3072;

    private GrpcStatuses() {}

    static Status of(RpcException failure) {
        return failure.code().toStatus().withDescription(shortened(failure.message()));
    }

    /// Adds the details of a failure that has any: as many of them, from the first, as have room.
    static void addDetails(Metadata trailers, RpcException failure) {
        var whole = failure.toStatus();
        var status = whole.toBuilder().clearDetails().setMessage(shortened(whole.getMessage()));
        var size = status.build().getSerializedSize();
        for (var detail : whole.getDetailsList()) {
            size += detail.getSerializedSize();
            if (size <= MAX_STATUS_BYTES) {
                status.addDetails(detail);
            }
        }
        if (status.getDetailsCount() > 0) {
            trailers.put(DETAILS, status.build());
        }
    }

    private static String shortened(String message) {
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
