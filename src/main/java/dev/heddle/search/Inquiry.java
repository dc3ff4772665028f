package dev.heddle.search;

import com.google.protobuf.util.Durations;
import dev.heddle.async.Outcome;
import dev.heddle.async.Part;
import dev.heddle.rpc.RpcException;
import dev.heddle.search.v1.Hit;
import dev.heddle.search.v1.Source;
import dev.heddle.search.v1.SourceStatus;
import dev.heddle.search.v1.SourceStatus.State;
import io.grpc.Status.Code;
import java.util.List;

/// What becomes of the search in one source.
sealed interface Inquiry {
    /// The hits, the best first; none while it has failed.
    List<Hit> hits();

    SourceStatus status();

    /// A source that is not asked.
    record Skipped(Source source, State state, RpcException reason) implements Inquiry {
        @Override
        public List<Hit> hits() {
            return List.of();
        }

        @Override
        public SourceStatus status() {
            return SourceStatus.newBuilder()
                    .setSource(source)
                    .setState(state)
                    .setError(reason.toStatus())
                    .build();
        }
    }

    /// A source that is asked; each method waits for its answer.
    record Asked(Source source, Part<List<Hit>> part) implements Inquiry {
        @Override
        public List<Hit> hits() {
            return switch (part.outcome()) {
                case Outcome.Success<List<Hit>> success -> success.value();
                case Outcome.Failure<List<Hit>> _ -> List.of();
            };
        }

        @Override
        public SourceStatus status() {
            var status =
                    SourceStatus.newBuilder()
                            .setSource(source)
                            .setDuration(Durations.fromNanos(part.outcome().time().toNanos()));
            return switch (part.outcome()) {
                case Outcome.Success<List<Hit>> success ->
                        status.setState(State.STATE_OK).setHitCount(success.value().size()).build();
                case Outcome.Failure<List<Hit>> failure ->
                        status.setState(state(failure.reason().code()))
                                .setError(failure.reason().toStatus())
                                .build();
            };
        }

        private static State state(Code code) {
            return code == Code.DEADLINE_EXCEEDED ? State.STATE_TIMED_OUT : State.STATE_FAILED;
        }
    }
}
