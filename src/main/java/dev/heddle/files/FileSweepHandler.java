package dev.heddle.files;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import java.util.Set;

/// Deletes files that have expired, and the remains of uploads. The payload is empty, the result
/// how many `files` were deleted.
public final class FileSweepHandler implements JobHandler {
    private final Sweeper sweeper;

    public FileSweepHandler(Database database, Feed feed) {
        this.sweeper =
                new Sweeper(database, new FileStore(), new ContentStore(), new FileEvents(feed));
    }

    /// Refuses other payloads.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT
    public static void check(Struct payload) {
        var _ = PayloadFields.of(payload, Set.of());
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var files = sweeper.sweep();
        return Struct.newBuilder()
                .putFields("files", Value.newBuilder().setNumberValue((double) files).build())
                .build();
    }
}
