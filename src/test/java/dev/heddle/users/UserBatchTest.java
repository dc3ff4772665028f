package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UserBatchTest extends UserTest {
    @Test
    void batchOfTenThousandIsCreatedInOrder() {
        var response = batch(users(10_000, mark()), false, "");

        assertThat(response.getUsersList()).hasSize(10_000);
        assertThat(response.getUsersList().stream().map(User::getId).toList()).isSorted();
        assertThat(get(response.getUsers(7777).getId())).isEqualTo(response.getUsers(7777));
    }

    @Test
    void batchIsAllOrNothing() {
        var users = users(3, mark());
        create(users.get(1).toBuilder().setName("First").build());

        var failure = Calls.failure(() -> batch(users, false, ""));

        assertThat(failure.reason()).contains("EMAIL_TAKEN");
        assertThat(failure.message()).startsWith("requests[1]: ");
        create(users.get(0));
        create(users.get(2));
    }

    @Test
    void partialBatchSaysWhichFailed() {
        var mark = mark();
        var users = new ArrayList<>(users(4, mark));
        create(users.get(1));
        users.add(
                users.get(2).toBuilder()
                        .setEmail(users.get(2).getEmail().toUpperCase(Locale.ROOT))
                        .build());

        var response = batch(users, true, "");

        assertThat(response.getUsersList())
                .extracting(User::getEmail)
                .containsExactly(
                        users.get(0).getEmail(), users.get(2).getEmail(), users.get(3).getEmail());
        assertThat(response.getFailedRequestsMap()).containsOnlyKeys(1, 4);
        assertThat(RpcException.of(response.getFailedRequestsOrThrow(4)).reason())
                .contains("EMAIL_TAKEN");
    }

    @Test
    void twoBatchesOfTheSameUsersDoNotDeadlock() throws Exception {
        var users = users(2000, mark());
        var outcomes =
                together(
                        List.<Callable<Integer>>of(
                                () -> batch(users, true, "").getUsersCount(),
                                () -> batch(users.reversed(), true, "").getUsersCount()));

        assertThat(outcomes.get(0) + outcomes.get(1)).isEqualTo(2000);
    }

    @Test
    void requestIdWithinABatchIsRefused() {
        var request =
                BatchCreateUsersRequest.newBuilder()
                        .addRequests(CreateUserRequest.newBuilder().setUser(user("Ada")))
                        .addRequests(
                                CreateUserRequest.newBuilder()
                                        .setUser(user("Bob"))
                                        .setRequestId("x"))
                        .build();

        var failure =
                Calls.failure(
                        () -> CALLS.unary(UserServiceGrpc.getBatchCreateUsersMethod(), request));

        assertThat(fields(failure)).containsExactly("requests[1].request_id");
    }
}
