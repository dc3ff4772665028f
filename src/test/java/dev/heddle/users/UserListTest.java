package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.Calls;
import dev.heddle.users.v1.User;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class UserListTest extends UserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "id desc",
                "name",
                "name desc, email",
                "state, create_time desc",
                "email"
            })
    void pagesStayStableWhileUsersComeAndGo(String orderBy) {
        var mark = mark();
        var there = createMany(30, mark);
        var listed = new ArrayList<String>();
        var token = "";
        do {
            var page = list(mark, orderBy, token, 7);
            page.getUsersList().forEach(user -> listed.add(user.getId()));
            token = page.getNextPageToken();
            createMany(3, mark);
        } while (!token.isEmpty() && listed.size() < 500);

        assertThat(listed).doesNotHaveDuplicates();
        assertThat(listed).containsAll(there.stream().map(User::getId).toList());
    }

    @Test
    void pageSizeIsBounded() {
        var mark = mark();
        createMany(1100, mark);

        assertThat(list(mark, "", "", 0).getUsersCount()).isEqualTo(50);
        assertThat(list(mark, "", "", 5000).getUsersCount()).isEqualTo(1000);
        assertThat(Calls.failure(() -> list(mark, "", "", -1)).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void lastPageThatIsFullHasNoToken() {
        var mark = mark();
        createMany(10, mark);

        assertThat(list(mark, "", "", 10).getNextPageToken()).isEmpty();
    }

    @Test
    void tokenOfAnotherOrderIsRefused() {
        var mark = mark();
        createMany(10, mark);
        var token = list(mark, "name", "", 5).getNextPageToken();

        assertThat(list(mark, "name", token, 3).getUsersCount()).isEqualTo(3);
        var failure = Calls.failure(() -> list(mark, "name desc", token, 5));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.message()).contains("page_token: made for other parameters");
    }

    @Test
    void filterRangesOverTheFieldsOfAUser() {
        var mark = mark();
        var users = createMany(4, mark);
        update(users.get(1).toBuilder().setState(User.State.STATE_SUSPENDED).build(), "state");

        assertThat(found(mark, "state = SUSPENDED")).containsExactly(users.get(1).getId());
        assertThat(
                        found(
                                mark,
                                "email = \""
                                        + users.get(2).getEmail().toUpperCase(Locale.ROOT)
                                        + "\""))
                .containsExactly(users.get(2).getId());
        assertThat(found(mark, "id > " + users.get(2).getId()))
                .containsExactly(users.get(3).getId());
        assertThat(found(mark, "NOT create_time > 2026-01-01T00:00:00Z")).isEmpty();
    }
}
