package dev.heddle.webhooks;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.feed.Payloads;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import dev.heddle.jobs.PermanentFailureException;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.common.tls.Tls;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/// Sends webhooks. The payload is `{"url": "https://…", "body": …}`, of which the body, any JSON,
/// is POSTed to the URL. What the request says besides is in [Signature] and in the headers
/// `Heddle-Job`, the job's id, by which a receiver tells repetitions, and `Heddle-Attempt`.
///
/// An answer of 2xx is success; 408, 425, 429, 5xx and no answer are worth another attempt, not
/// before `Retry-After`; all else is final. The result is `{"status": 204}`.
public final class WebhookHandler implements JobHandler {
    static final String URL = "url";

    private static final String BODY = "body";
    private static final int LONGEST_URL = 2048;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private static final Value EMPTY =
            Value.newBuilder().setStructValue(Struct.getDefaultInstance()).build();

    private final Settings settings;
    private final Target.Names names;
    private final Clock clock;
    private final Post post;

    public WebhookHandler(Settings settings, Clock clock) {
        this(settings, clock, InetAddress::getAllByName, Tls.builder().build());
    }

    /// @param tls whom to trust
    WebhookHandler(Settings settings, Clock clock, Target.Names names, Tls tls) {
        this.settings = settings;
        this.names = names;
        this.clock = clock;
        this.post = new Post(settings, tls);
    }

    /// Refuses other payloads.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public void check(Struct payload) {
        var _ = target(payload);
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        if (settings.secret().isEmpty()) {
            throw new PermanentFailureException(
                    new RpcException(
                                    Code.FAILED_PRECONDITION,
                                    "there is nothing to sign with (expected: webhook.secret)")
                            .withReason("WEBHOOK_NOT_CONFIGURED"));
        }
        var answer = send(payload, context);
        var status = answer.status();
        context.log("answered with status %d".formatted(status));
        if (status / 100 == 2) {
            return Struct.newBuilder()
                    .putFields("status", Value.newBuilder().setNumberValue(status).build())
                    .build();
        }
        throw failure(answer);
    }

    private Post.Answer send(Struct payload, JobContext context) {
        var reachable = reachable(payload);
        var body =
                Payloads.of(payload.getFieldsOrDefault(BODY, EMPTY))
                        .getBytes(StandardCharsets.UTF_8);
        return post.send(
                reachable.target(),
                reachable.address(),
                Map.of(
                        Signature.HEADER,
                        Signature.of(settings.secret(), clock.instant(), body),
                        "Heddle-Job",
                        context.id(),
                        "Heddle-Attempt",
                        Integer.toString(context.attempt())),
                body);
    }

    /// A target, and the address that it was found to have.
    private record Reachable(Target target, InetAddress address) {}

    private Reachable reachable(Struct payload) {
        try {
            var target = target(payload);
            return new Reachable(target, target.address(names));
        } catch (RpcException e) {
            if (e.code() == Code.UNAVAILABLE) {
                throw e;
            }
            throw new PermanentFailureException(e);
        }
    }

    private Target target(Struct payload) {
        var url = PayloadFields.of(payload, Set.of(URL, BODY)).text(URL, LONGEST_URL);
        return Target.of(url, settings.allowPrivate());
    }

    private RuntimeException failure(Post.Answer answer) {
        var status = answer.status();
        if (!PASSING.contains(status) && status < 500) {
            return new PermanentFailureException(
                    new RpcException(
                                    Code.FAILED_PRECONDITION,
                                    "the receiver refuses it: status %d".formatted(status))
                            .withReason("WEBHOOK_REFUSED"));
        }
        var failure =
                new RpcException(
                                Code.UNAVAILABLE,
                                "the receiver answered with status %d".formatted(status))
                        .withReason("WEBHOOK_FAILED");
        return RetryAfter.of(answer.retryAfter(), clock.instant())
                .map(failure::withRetryAfter)
                .orElse(failure);
    }
}
