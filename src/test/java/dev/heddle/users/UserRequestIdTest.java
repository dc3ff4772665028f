package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.heddle.testing.Calls;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UserRequestIdTest extends UserTest {
    @Test
    void everyRepeatedWriteAnswersAsTheFirst() {
        var request =
                CreateUserRequest.newBuilder().setUser(user("Ada")).setRequestId(mark()).build();
        var created = CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request);
        assertThat(CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request)).isEqualTo(created);

        var users = users(20, mark());
        var id = mark();
        assertThat(batch(users, false, id)).isEqualTo(batch(users, false, id));

        var update =
                UpdateUserRequest.newBuilder()
                        .setUser(created.toBuilder().setName("Changed"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("name"))
                        .setRequestId(mark())
                        .build();
        assertThat(CALLS.unary(UserServiceGrpc.getUpdateUserMethod(), update))
                .isEqualTo(CALLS.unary(UserServiceGrpc.getUpdateUserMethod(), update));

        var deletion = mark();
        delete(created.getId(), "", deletion);
        delete(created.getId(), "", deletion);
    }

    @Test
    void requestIdOfOtherContentIsRefused() {
        var id = mark();
        var request = CreateUserRequest.newBuilder().setUser(user("Ada")).setRequestId(id);
        var _ = CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request.build());

        var failure =
                Calls.failure(() ->
                        CALLS.unary(
                                UserServiceGrpc.getCreateUserMethod(),
                                request.setUser(user("Bob")).build()));

        assertThat(failure.code()).isEqualTo(Code.ALREADY_EXISTS);
        assertThat(failure.reason()).contains("REQUEST_ID_REUSED");
    }

    @Test
    void requestIdBelongsToItsCaller() {
        var id = mark();
        var method = UserServiceGrpc.getCreateUserMethod();
        for (var caller : List.of("one", "two")) {
            CALLS.run(
                    CALLS.open(method, Optional.empty(), caller),
                    method,
                    CreateUserRequest.newBuilder().setUser(user(caller)).setRequestId(id).build(),
                    _ -> {});
        }
    }

    @Test
    void requestThatFailedMayBeRepeated() {
        var taken = create("Ada");
        var request =
                CreateUserRequest.newBuilder()
                        .setUser(taken.toBuilder().setName("Bob"))
                        .setRequestId(mark())
                        .build();
        assertThat(
                        Calls.failure(() ->
                                        CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request))
                                .reason())
                .contains("EMAIL_TAKEN");
        delete(taken.getId(), "", "");

        assertThat(CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request).getName())
                .isEqualTo("Bob");
    }

    @Test
    void duplicatesAtTheSameTimeWriteOnce() throws Exception {
        var request =
                CreateUserRequest.newBuilder().setUser(user("Ada")).setRequestId(mark()).build();
        Callable<User> race = () -> CALLS.unary(UserServiceGrpc.getCreateUserMethod(), request);

        var answers = together(List.of(race, race, race, race, race, race, race, race));

        assertThat(new HashSet<>(answers)).hasSize(1);
    }
}
