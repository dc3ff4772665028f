package dev.heddle.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.heddle.api.Download;
import dev.heddle.api.Policy.UnknownParameters;
import dev.heddle.api.PolicyProto;
import dev.heddle.api.Upload;
import java.time.Duration;
import java.util.Optional;

/// How a method is guarded, bounded and presented; the meaning of each part is in
/// `heddle/api/policy.proto`.
public record Policy(
        boolean isPublic,
        String scope,
        Optional<Duration> defaultTimeout,
        Optional<Duration> maxTimeout,
        int maxConcurrency,
        boolean ignoresUnknownParameters,
        String cursorField,
        String resumeField,
        String fileName,
        Optional<Duration> cacheTtl,
        Optional<Upload> upload,
        Optional<Download> download,
        Optional<RateLimit> rateLimit,
        boolean isAudited) {

    /// Open to callers without credentials and bounded by nothing but the gateway: for contracts
    /// that are not Heddle's own and belong to the public face of a server, such as health.
    public static final Policy PUBLIC =
            of(dev.heddle.api.Policy.newBuilder().setPublic(true).build());

    /// For callers who hold a scope, and bounded by nothing but the gateway: for contracts that are
    /// not Heddle's own.
    public static Policy scoped(String scope) {
        return of(dev.heddle.api.Policy.newBuilder().setScope(scope).build());
    }

    /// What the contract says of a method.
    ///
    /// @throws IllegalArgumentException for a method of which it says nothing: who may call it must
    ///   be written down
    public static Policy of(MethodDescriptor method) {
        var options = method.getOptions();
        if (!options.hasExtension(PolicyProto.policy)) {
            throw new IllegalArgumentException(
                    """
                    method %s/%s: no policy (expected: option (heddle.api.policy) = {scope: "…"} in its .proto, or {} for any authenticated caller; \
                    for a contract that isn't Heddle's own, Rpcs.Builder.under(Policy))\
                    """
                            .formatted(method.getService().getFullName(), method.getName()));
        }
        return of(options.getExtension(PolicyProto.policy));
    }

    /// The same, of a generated descriptor.
    ///
    /// @throws IllegalArgumentException as above
    public static <Q extends Message, R extends Message> Policy of(
            io.grpc.MethodDescriptor<Q, R> method) {
        return Contract.of(method, Optional.empty()).policy();
    }

    private static Policy of(dev.heddle.api.Policy policy) {
        return new Policy(
                policy.getPublic(),
                policy.getScope(),
                policy.hasDefaultTimeout()
                        ? Optional.of(toDuration(policy.getDefaultTimeout()))
                        : Optional.empty(),
                policy.hasMaxTimeout()
                        ? Optional.of(toDuration(policy.getMaxTimeout()))
                        : Optional.empty(),
                policy.getMaxConcurrency(),
                policy.getUnknownParameters() == UnknownParameters.UNKNOWN_PARAMETERS_IGNORE,
                policy.getCursorField(),
                policy.getResumeField(),
                policy.getFileName(),
                policy.hasCacheTtl()
                        ? Optional.of(toDuration(policy.getCacheTtl()))
                        : Optional.empty(),
                policy.hasUpload() ? Optional.of(policy.getUpload()) : Optional.empty(),
                policy.hasDownload() ? Optional.of(policy.getDownload()) : Optional.empty(),
                policy.hasRateLimit()
                        ? Optional.of(RateLimit.of(policy.getRateLimit()))
                        : Optional.empty(),
                policy.getAudited());
    }

    private static Duration toDuration(com.google.protobuf.Duration duration) {
        return Duration.ofNanos(Durations.toNanos(duration));
    }
}
