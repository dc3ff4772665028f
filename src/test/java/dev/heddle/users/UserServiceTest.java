package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.users.v1.User;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class UserServiceTest extends UserTest {
    @Test
    void createdUserIsAsSentWithWhatTheServerAdds() {
        var email = email();
        var created =
                create(User.newBuilder().setId("mine").setEmail(email).setName("Ada").build());

        assertThat(UUID.fromString(created.getId()).version()).isEqualTo(7);
        assertThat(created.getEmail()).isEqualTo(email);
        assertThat(created.getState()).isEqualTo(User.State.STATE_ACTIVE);
        assertThat(created.getCreateTime()).isEqualTo(created.getUpdateTime());
        assertThat(created.getEtag()).isNotEmpty();
        assertThat(get(created.getId())).isEqualTo(created);
    }

    @Test
    void idsAreInTheOrderOfCreation() {
        var ids = IntStream.range(0, 50).mapToObj(_ -> create("Ada").getId()).toList();

        assertThat(ids).isSorted();
    }

    @Test
    void textThatIsNoIdIsNobodys() {
        for (var id :
                List.of("nobody", "1-1-1-1-1", UUID.randomUUID().toString(), "x".repeat(36))) {
            var failure = Calls.failure(() -> get(id));

            assertThat(failure.code()).isEqualTo(Code.NOT_FOUND);
            assertThat(failure.reason()).contains("USER_NOT_FOUND");
        }
    }

    @Test
    void manyWhoAskAtOnceGetTheirOwn() throws Exception {
        var users = IntStream.range(0, 20).mapToObj(_ -> create("Ada")).toList();
        var asking = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 500; i++) {
            var user = users.get(i % users.size());
            asking.add(() -> {
                assertThat(get(user.getId())).isEqualTo(user);
                return null;
            });
            asking.add(() -> {
                var nobody = UUID.randomUUID().toString();
                assertThat(Calls.failure(() -> get(nobody)).message()).contains(nobody);
                return null;
            });
        }

        var _ = together(asking);
    }

    @Test
    void emailOfAnotherUserIsTakenWhateverItsCase() {
        var taken = create("Ada").getEmail().toUpperCase(Locale.ROOT);

        var failure =
                Calls.failure(() -> create(User.newBuilder().setEmail(taken).setName("B").build()));

        assertThat(failure.code()).isEqualTo(Code.ALREADY_EXISTS);
        var info = failure.detail(ErrorInfo.class).orElseThrow();
        assertThat(info.getReason()).isEqualTo("EMAIL_TAKEN");
        assertThat(info.getMetadataMap()).containsEntry("email", taken);
    }

    @Test
    void nameThatCannotBeStoredIsTheCallersFault() {
        assertThat(Calls.failure(() -> create("a\0b")).code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void updateChangesWhatItsMaskNames() {
        var created = create("Before");

        var updated =
                update(User.newBuilder().setId(created.getId()).setName("After").build(), "name");

        assertThat(updated)
                .isEqualTo(
                        created.toBuilder()
                                .setName("After")
                                .setUpdateTime(updated.getUpdateTime())
                                .setEtag(updated.getEtag())
                                .build());
        assertThat(get(created.getId())).isEqualTo(updated);
    }

    @Test
    void starReplacesAllThatCanBeChanged() {
        var created = create("Before");
        var email = email();

        var updated =
                update(
                        User.newBuilder()
                                .setId(created.getId())
                                .setEmail(email)
                                .setName("After")
                                .setState(User.State.STATE_SUSPENDED)
                                .build(),
                        "*");

        assertThat(updated.getEmail()).isEqualTo(email);
        assertThat(updated.getState()).isEqualTo(User.State.STATE_SUSPENDED);
        assertThat(updated.getCreateTime()).isEqualTo(created.getCreateTime());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nam | update_mask: unknown field \"nam\" (expected: email, name, state or *)",
                "id | update_mask: the server alone sets \"id\" (expected: email, name, state or *)",
                "create_time | update_mask: the server alone sets \"create_time\" (expected: email, name, state or *)",
                "etag | update_mask: names no field to change (expected: email, name, state or *)",
            })
    void maskThatCannotBeFollowedIsRefused(String path, String message) {
        var created = create("Ada");

        var failure = Calls.failure(() -> update(created, path));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.message()).isEqualTo(message);
    }

    @Test
    void onlyChangedFieldsMustKeepTheRules() {
        var created = create("Ada");
        var broken = User.newBuilder().setId(created.getId()).setEmail("no address").build();

        assertThat(fields(Calls.failure(() -> update(broken, "*"))))
                .containsExactlyInAnyOrder("user.email", "user.name");
        assertThat(fields(Calls.failure(() -> update(broken, "email"))))
                .containsExactly("user.email");
        assertThat(update(broken.toBuilder().setName("Changed").build(), "name").getName())
                .isEqualTo("Changed");
    }

    @Test
    void updateToATakenEmailIsRefused() {
        var other = create("Other");
        var created = create("Ada");

        var failure =
                Calls.failure(() ->
                        update(created.toBuilder().setEmail(other.getEmail()).build(), "email"));

        assertThat(failure.reason()).contains("EMAIL_TAKEN");
        assertThat(
                        update(
                                created.toBuilder()
                                        .setEmail(created.getEmail().toUpperCase(Locale.ROOT))
                                        .build(),
                                "email"))
                .isNotNull();
    }

    @Test
    void ofManyUpdatesOfOneVersionOneWins() throws Exception {
        var created = create("Ada");
        var won = new AtomicInteger();
        Callable<Integer> race =
                () -> {
                    try {
                        update(created.toBuilder().setName("Won").build(), "name");
                        return won.incrementAndGet();
                    } catch (RpcException e) {
                        assertThat(e.code()).isEqualTo(Code.ABORTED);
                        assertThat(e.reason()).contains("ETAG_MISMATCH");
                        return 0;
                    }
                };

        together(List.of(race, race, race, race, race, race));

        assertThat(won).hasValue(1);
    }

    @Test
    void updatesWithoutEtagAllSucceed() throws Exception {
        var created = create("Ada");
        Callable<Integer> race =
                () -> {
                    update(created.toBuilder().clearEtag().setName("Changed").build(), "name");
                    return 0;
                };

        together(List.of(race, race, race, race));

        assertThat(get(created.getId()).getEtag()).isEqualTo("5");
    }

    @Test
    void deleteOfAStaleVersionIsAborted() {
        var created = create("Ada");
        update(created, "name");

        assertThat(Calls.failure(() -> delete(created.getId(), created.getEtag(), "")).reason())
                .contains("ETAG_MISMATCH");
        delete(created.getId(), "", "");
        assertThat(Calls.failure(() -> delete(created.getId(), "", "")).code())
                .isEqualTo(Code.NOT_FOUND);
    }
}
