package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.BatchCreateUsersResponse;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.GetUserRequest;
import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class UserServiceTest {
    private static final Database DATABASE = database();
    private static final Calls CALLS =
            Calls.of(new UserService(DATABASE, new PageTokens(new byte[32]), Clock.systemUTC()));

    private static Database database() {
        var postgres = TestPostgres.createDatabase();
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(settings);
        return Database.open(settings, new SimpleMeterRegistry());
    }

    @AfterAll
    static void close() {
        CALLS.close();
        DATABASE.close();
    }

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(DATABASE.busyConnections()).isZero();
    }

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

    // List

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

    // Batches

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

    // Updates

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

    // Request ids

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

    // Export

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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void onAnotherThread(Runnable body) {
        java.util.concurrent.CompletableFuture.runAsync(body).join();
    }

    private static <T> List<T> together(List<Callable<T>> bodies) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<T>();
            for (var future : threads.invokeAll(bodies)) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }

    private static List<String> found(String mark, String filter) {
        return CALLS
                .unary(
                        UserServiceGrpc.getListUsersMethod(),
                        ListUsersRequest.newBuilder()
                                .setFilter("name:\"%s\" AND (%s)".formatted(mark, filter))
                                .build())
                .getUsersList()
                .stream()
                .map(User::getId)
                .toList();
    }

    private static dev.heddle.users.v1.ListUsersResponse list(
            String mark, String orderBy, String token, int size) {
        return CALLS.unary(
                UserServiceGrpc.getListUsersMethod(),
                ListUsersRequest.newBuilder()
                        .setFilter("name:\"" + mark + "\"")
                        .setOrderBy(orderBy)
                        .setPageToken(token)
                        .setPageSize(size)
                        .build());
    }

    private static List<User> export(String filter, String afterId) {
        return CALLS.stream(
                UserServiceGrpc.getExportUsersMethod(),
                ExportUsersRequest.newBuilder().setFilter(filter).setAfterId(afterId).build());
    }

    private static User get(String id) {
        return CALLS.unary(
                UserServiceGrpc.getGetUserMethod(), GetUserRequest.newBuilder().setId(id).build());
    }

    private static User create(String name) {
        return create(user(name));
    }

    private static User create(User user) {
        return CALLS.unary(
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder().setUser(user).build());
    }

    private static User update(User user, String path) {
        return CALLS.unary(
                UserServiceGrpc.getUpdateUserMethod(),
                UpdateUserRequest.newBuilder()
                        .setUser(user)
                        .setUpdateMask(FieldMask.newBuilder().addPaths(path))
                        .build());
    }

    private static void delete(String id, String etag, String requestId) {
        var _ =
                CALLS.unary(
                        UserServiceGrpc.getDeleteUserMethod(),
                        DeleteUserRequest.newBuilder()
                                .setId(id)
                                .setEtag(etag)
                                .setRequestId(requestId)
                                .build());
    }

    private static List<User> createMany(int count, String mark) {
        return batch(users(count, mark), false, "").getUsersList();
    }

    private static BatchCreateUsersResponse batch(
            List<User> users, boolean partial, String requestId) {
        var request =
                BatchCreateUsersRequest.newBuilder()
                        .setReturnPartialSuccess(partial)
                        .setRequestId(requestId);
        users.forEach(user -> request.addRequests(CreateUserRequest.newBuilder().setUser(user)));
        return CALLS.unary(UserServiceGrpc.getBatchCreateUsersMethod(), request.build());
    }

    private static List<User> users(int count, String mark) {
        return IntStream.range(0, count).mapToObj(i -> user(mark + " " + i % 10)).toList();
    }

    private static User user(String name) {
        return User.newBuilder().setEmail(email()).setName(name).build();
    }

    private static List<String> fields(RpcException failure) {
        return failure.detail(BadRequest.class).orElseThrow().getFieldViolationsList().stream()
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }

    private static String mark() {
        return "mark" + UUID.randomUUID().toString().substring(0, 8);
    }
}
