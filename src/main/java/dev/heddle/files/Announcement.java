package dev.heddle.files;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.heddle.content.ContentFailures;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the first message of an upload says of the file.
///
/// @param request that message
/// @param name as it will be kept
/// @param contentType as it will be kept
/// @param expireTime empty for a file that is kept for ever
record Announcement(
        UploadFileRequest request,
        String name,
        String contentType,
        Optional<Timestamp> expireTime) {
    /// Reads a first message.
    ///
    /// @throws RpcException if such a file is not taken
    static Announcement of(UploadFileRequest request, Timestamp now, Settings settings) {
        if (request.getSize() > settings.maxSize()) {
            throw ContentFailures.tooLarge(settings.maxSize());
        }
        return new Announcement(
                request,
                FileNames.of(request.getName()),
                new ContentTypes(settings.allowedTypes()).of(request.getContent().getContentType()),
                expireTime(request, now, settings.defaultTtl()));
    }

    private static Optional<Timestamp> expireTime(
            UploadFileRequest request, Timestamp now, Duration defaultTtl) {
        return switch (request.getExpirationCase()) {
            case EXPIRE_TIME -> Optional.of(checked(request.getExpireTime(), now));
            case TTL -> Optional.of(Timestamps.add(now, request.getTtl()));
            case EXPIRATION_NOT_SET ->
                    defaultTtl.isZero()
                            ? Optional.empty()
                            : Optional.of(
                                    Timestamps.add(
                                            now, Durations.fromMillis(defaultTtl.toMillis())));
        };
    }

    /// A time at which a file may expire.
    ///
    /// @throws RpcException INVALID_ARGUMENT for one that is past
    static Timestamp checked(Timestamp expireTime, Timestamp now) {
        if (Timestamps.compare(expireTime, now) <= 0) {
            throw RpcException.invalidField(
                    "expire_time",
                    "%s (expected: a time to come)".formatted(Timestamps.toString(expireTime)));
        }
        return expireTime;
    }

    /// Refuses more bytes than were announced, as soon as they come.
    void checkNotBeyond(long size) {
        if (request.hasSize() && size > request.getSize()) {
            throw sizeMismatch(size);
        }
    }

    /// Refuses other bytes than were announced.
    void check(ContentWriter.Written written) {
        if (request.hasSize() && written.size() != request.getSize()) {
            throw sizeMismatch(written.size());
        }
        var sha256 = request.getSha256().toLowerCase(Locale.ROOT);
        if (!sha256.isEmpty() && !sha256.equals(written.sha256())) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "the bytes have SHA-256 %s (expected: %s, as announced)"
                                    .formatted(written.sha256(), sha256))
                    .withReason("CHECKSUM_MISMATCH", Map.of("sha256", written.sha256()));
        }
    }

    /// All that the upload said, for the ids of requests: the bytes by their digest.
    UploadFileRequest summary(ContentWriter.Written written) {
        var summary = request.toBuilder().setSize(written.size()).setSha256(written.sha256());
        summary.getContentBuilder().clearData();
        return summary.build();
    }

    /// The file that the upload becomes.
    File file(String id, ContentWriter.Written written, String owner, Timestamp now, String etag) {
        var file =
                File.newBuilder()
                        .setId(id)
                        .setName(name)
                        .setContentType(contentType)
                        .setSize(written.size())
                        .setSha256(written.sha256())
                        .setOwner(owner)
                        .setCreateTime(now)
                        .setUpdateTime(now)
                        .setEtag(etag);
        expireTime.ifPresent(file::setExpireTime);
        return file.build();
    }

    private RpcException sizeMismatch(long size) {
        return new RpcException(
                        Code.INVALID_ARGUMENT,
                        "%d bytes (expected: %d, as announced)".formatted(size, request.getSize()))
                .withReason("SIZE_MISMATCH");
    }
}
