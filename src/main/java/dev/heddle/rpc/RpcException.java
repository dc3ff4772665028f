package dev.heddle.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The failure of a call, as its caller gets to see it: a canonical code, a message for people, and
/// details for programs (AIP-193). Everything in it is public; causes go to the log.
public final class RpcException extends RuntimeException {
    /// The domain of the reasons that Heddle gives.
    public static final String DOMAIN = "heddle.dev";

    /// The reason of a refusal for want of the server's own capacity, which is no fault of the
    /// caller's.
    public static final String OVERLOADED = "OVERLOADED";

    /// The reason of a refusal because the caller calls too often.
    public static final String RATE_LIMITED = "RATE_LIMITED";

    /// The name of the fact that says what was wanting, in a failure with reason [#OVERLOADED].
    public static final String RESOURCE = "resource";

    /// The [#RESOURCE] that a call waited for in vain where it was a connection to the database.
    public static final String DATABASE = "database";

    /// The reason of a refusal, or of the early end of a call, by a gateway that stops.
    public static final String STOPPING = "STOPPING";

    private static final long serialVersionUID = 1L;

    private final Code code;
    private final String text;
    private final transient List<Any> details;

    public RpcException(Code code, String message) {
        this(code, message, List.of(), Optional.empty());
    }

    private RpcException(Code code, String message, List<Any> details, Optional<Throwable> cause) {
        super(message, cause.orElse(null));
        if (code == Code.OK) {
            throw new IllegalArgumentException("code: OK (expected: the code of an error)");
        }
        this.code = code;
        this.text = message;
        this.details = details;
    }

    /// The early end of a call by a gateway that stops: UNAVAILABLE, reason [#STOPPING].
    ///
    /// @param retryAfter when to call again; to be different for each caller, so that not all come
    ///   at once
    public static RpcException stopping(Duration retryAfter) {
        return new RpcException(Code.UNAVAILABLE, "the gateway is stopping")
                .withReason(STOPPING)
                .withRetryAfter(retryAfter);
    }

    /// The refusal of credentials: UNAUTHENTICATED.
    ///
    /// @param reason what is wrong with them, in upper snake case
    public static RpcException unauthenticated(String reason, String message) {
        return new RpcException(Code.UNAUTHENTICATED, message).withReason(reason);
    }

    /// The refusal of credentials whose time is over, or the end of a call that rested on them:
    /// UNAUTHENTICATED, reason `TOKEN_EXPIRED`.
    public static RpcException expired(Instant time) {
        return unauthenticated(
                "TOKEN_EXPIRED",
                "the credentials expired at %s (expected: new ones)".formatted(time));
    }

    /// The refusal of a caller who lacks a scope: PERMISSION_DENIED, reason `SCOPE_MISSING`.
    public static RpcException missingScope(String scope) {
        return new RpcException(Code.PERMISSION_DENIED, "scope %s is missing".formatted(scope))
                .withReason("SCOPE_MISSING");
    }

    /// An argument that is wrong at one place.
    ///
    /// @param field the path of the field, as in the `.proto`
    public static RpcException invalidField(String field, String message) {
        return invalidFields(
                List.of(
                        FieldViolation.newBuilder()
                                .setField(field)
                                .setDescription(message)
                                .build()));
    }

    /// An argument that is wrong at the given places.
    public static RpcException invalidFields(List<FieldViolation> violations) {
        var first = violations.getFirst();
        var more = violations.size() == 1 ? "" : " (and %d more)".formatted(violations.size() - 1);
        var place = first.getField().isEmpty() ? "" : first.getField() + ": ";
        return new RpcException(Code.INVALID_ARGUMENT, place + first.getDescription() + more)
                .withDetail(BadRequest.newBuilder().addAllFieldViolations(violations).build());
    }

    /// An error that came as a status, from another server or from a message that holds one.
    public static RpcException of(Status status) {
        var code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
        return new RpcException(
                code == Code.OK ? Code.UNKNOWN : code,
                status.getMessage(),
                status.getDetailsList(),
                Optional.empty());
    }

    /// The same failure with a machine-readable reason, in upper snake case, within [#DOMAIN].
    public RpcException withReason(String reason) {
        return withReason(reason, Map.of());
    }

    /// The same failure with a machine-readable reason and facts about it.
    public RpcException withReason(String reason, Map<String, String> metadata) {
        return withDetail(
                ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain(DOMAIN)
                        .putAllMetadata(metadata)
                        .build());
    }

    /// The same failure with the time after which another try makes sense.
    public RpcException withRetryAfter(Duration delay) {
        return withDetail(
                RetryInfo.newBuilder().setRetryDelay(Durations.fromNanos(delay.toNanos())).build());
    }

    public RpcException withDetail(Message detail) {
        return new RpcException(
                code,
                text,
                Stream.concat(details.stream(), Stream.of(Any.pack(detail))).toList(),
                Optional.ofNullable(getCause()));
    }

    /// The same failure with a cause for the log.
    public RpcException withCause(Throwable cause) {
        return new RpcException(code, text, details, Optional.of(cause));
    }

    public Code code() {
        return code;
    }

    public String message() {
        return text;
    }

    /// The reason within [#DOMAIN], empty where the failure has none.
    public Optional<String> reason() {
        return detail(ErrorInfo.class).map(ErrorInfo::getReason);
    }

    /// The first detail of a type.
    public <M extends Message> Optional<M> detail(Class<M> type) {
        return details.stream()
                .filter(any -> any.is(type))
                .findFirst()
                .map(any -> {
                    try {
                        return any.unpack(type);
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        throw new IllegalStateException("a detail that can't be read", e);
                    }
                });
    }

    public Status toStatus() {
        return Status.newBuilder()
                .setCode(code.value())
                .setMessage(text)
                .addAllDetails(details)
                .build();
    }
}
