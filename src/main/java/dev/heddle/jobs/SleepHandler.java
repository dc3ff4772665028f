package dev.heddle.jobs;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.rpc.RpcException;

/// Sleeps, for diagnostics. The payload is `{"millis": 1500}`; with `"failures": 2` the first two
/// attempts fail afterwards, and with `"permanent": true` they fail for good.
public final class SleepHandler implements JobHandler {
    private static final String MILLIS = "millis";
    private static final double LONGEST_MILLIS = 86_400_000;
    private static final long STEP_MILLIS = 100;

    /// Refuses other payloads.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public static void check(Struct payload) {
        var millis = number(payload, MILLIS);
        if (!(millis >= 0 && millis <= LONGEST_MILLIS)) {
            throw RpcException.invalidField(
                    "job.payload", "millis: %s (expected: 0 to 86400000)".formatted(millis));
        }
    }

    @Override
    public Struct run(Struct payload, JobContext context) throws InterruptedException {
        var millis = (long) number(payload, MILLIS);
        for (var slept = 0L; slept < millis; slept += STEP_MILLIS) {
            Thread.sleep(Math.min(STEP_MILLIS, millis - slept));
            context.progress(Math.min(1, (double) (slept + STEP_MILLIS) / (double) millis));
        }
        context.log("slept for %d ms".formatted(millis));
        failIfToldTo(payload, context);
        return Struct.newBuilder().putFields(MILLIS, value((double) millis)).build();
    }

    private static void failIfToldTo(Struct payload, JobContext context) {
        if (context.attempt() > number(payload, "failures")) {
            return;
        }
        var message = "attempt %d was told to fail".formatted(context.attempt());
        if (payload.getFieldsOrDefault("permanent", value(0)).getBoolValue()) {
            throw new PermanentFailureException(message);
        }
        throw new RpcException(io.grpc.Status.Code.ABORTED, message).withReason("TOLD_TO_FAIL");
    }

    private static double number(Struct payload, String field) {
        return payload.getFieldsOrDefault(field, value(0)).getNumberValue();
    }

    private static Value value(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }
}
