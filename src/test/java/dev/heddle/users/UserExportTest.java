package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UserExportTest extends UserTest {
    @Test
    void exportStreamsAllInOrderAndGoesOnBehindAnId() {
        var mark = mark();
        var created = batch(users(3000, mark), false, "").getUsersList();
        var filter = "name:\"" + mark + "\"";

        var exported = export(filter, "");

        assertThat(exported).isEqualTo(created);
        assertThat(export(filter, created.get(2500).getId()))
                .isEqualTo(created.subList(2501, 3000));
        assertThat(Calls.failure(() -> export(filter, "nobody")).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void exportIsOneSnapshot() {
        var mark = mark();
        batch(users(2000, mark), false, "");
        var seen = new ArrayList<User>();
        var method = UserServiceGrpc.getExportUsersMethod();

        CALLS.run(
                CALLS.open(method, Optional.empty()),
                method,
                ExportUsersRequest.newBuilder().setFilter("name:\"" + mark + "\"").build(),
                user -> {
                    if (seen.isEmpty()) {
                        onAnotherThread(() -> createMany(10, mark));
                    }
                    seen.add(user);
                });

        assertThat(seen).hasSize(2000);
    }

    @Test
    void readerWhoFailsEndsTheExport() {
        batch(users(5000, mark()), false, "");
        var method = UserServiceGrpc.getExportUsersMethod();

        var failure =
                Calls.failure(() ->
                        CALLS.run(
                                CALLS.open(method, Optional.empty()),
                                method,
                                ExportUsersRequest.getDefaultInstance(),
                                _ -> {
                                    throw new RpcException(Code.CANCELLED, "gone");
                                }));

        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
        assertThat(DATABASE.busyConnections()).isZero();
    }

    @Test
    void deadlineEndsAnExportWhoseReaderIsSlow() {
        batch(users(5000, mark()), false, "");
        var method = UserServiceGrpc.getExportUsersMethod();
        var stalled = new CountDownLatch(1);
        var call = CALLS.open(method, Optional.of(Duration.ofMillis(500)));
        call.onCancel(stalled::countDown);

        var failure =
                Calls.failure(() ->
                        CALLS.run(
                                call,
                                method,
                                ExportUsersRequest.getDefaultInstance(),
                                _ -> await(stalled)));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(DATABASE.busyConnections()).isZero();
    }
}
