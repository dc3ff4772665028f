package dev.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heddle.TestGateway;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.JobCalls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Files that the gateway writes, and the job that deletes them.
@Timeout(60)
final class FileJobsTest {
    private static final ByteString LONG = ByteString.copyFrom(new byte[600_000]);

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final TestGateway gateway =
            TestGateway.open(postgres, Map.of("files.sweep-interval", "24h")).start();
    private final GatewayCalls calls =
            new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    private final JobCalls jobs = new JobCalls(calls);
    private final FileDrafts drafts =
            new FileDrafts(gateway.database(), gateway.feed(), Settings.DEFAULT, Clock.systemUTC());

    FileJobsTest() throws Exception {}

    @AfterEach
    void close() {
        calls.close();
        gateway.close();
    }

    private FileDraft draft(Duration ttl) {
        return drafts.begin("a.csv", "text/csv", "test", ttl);
    }

    @Test
    void expiredFileGoesWithItsBytes() throws Exception {
        try (var draft = draft(Duration.ofMillis(1))) {
            draft.write(LONG);
            assertThat(draft.keep().getSize()).isEqualTo(LONG.size());
        }
        try (var draft = draft(Duration.ofDays(1))) {
            draft.write(ByteString.copyFromUtf8("kept"));
            var _ = draft.keep();
        }

        var job = jobs.run("file-sweep", "{}");

        assertThat(job.at("/result/files").asInt()).as(job.toString()).isEqualTo(1);
        assertThat(count("files")).isEqualTo(1);
        assertThat(count("file_chunks")).isEqualTo(1);
    }

    @Test
    void draftOfACancelledTaskLeavesNothing() throws Exception {
        var task = Task.detached(Duration.ofSeconds(30));

        assertThatThrownBy(() ->
                        task.run(() -> {
                            try (var draft = draft(Duration.ofDays(1))) {
                                draft.write(LONG);
                                task.cancel(new RpcException(Code.CANCELLED, "enough"));
                                return draft.keep();
                            }
                        }))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("enough");

        assertThat(count("file_chunks")).isPositive();
        assertThat(jobs.run("file-sweep", "{}").get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(count("files")).isZero();
        assertThat(count("file_chunks")).isZero();
        assertThat(count("file_orphans")).isZero();
    }

    private long count(String table) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM " + table)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }
}
