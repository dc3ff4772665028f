package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.rpc.BadRequest;
import dev.heddle.async.BatchLoader;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Settings;
import dev.heddle.rpc.RpcException;
import dev.heddle.source.Sources;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.BatchCreateUsersResponse;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.GetUserRequest;
import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.ListUsersResponse;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/// A service over a database that all tests of users share, and how to call it.
abstract class UserTest {
    private static final Database.Settings SETTINGS = newDatabase();

    static final Database DATABASE = Database.open(SETTINGS, new SimpleMeterRegistry());
    static final Calls CALLS =
            Calls.of(
                    new UserService(
                            DATABASE,
                            Feed.start(SETTINGS, Settings.DEFAULT, new SimpleMeterRegistry()),
                            new PageTokens(new byte[32]),
                            new UserProfiles(
                                    Sources.open(
                                            dev.heddle.source.Settings.DEFAULT,
                                            new SimpleMeterRegistry()),
                                    UserProfiles.Settings.NONE),
                            BatchLoader.Settings.DEFAULT,
                            Clock.systemUTC()));

    private static Database.Settings newDatabase() {
        var postgres = TestPostgres.createDatabase();
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(settings);
        return settings;
    }

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(DATABASE.busyConnections()).isZero();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void onAnotherThread(Runnable body) {
        CompletableFuture.runAsync(body).join();
    }

    static <T> List<T> together(List<Callable<T>> bodies) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<T>();
            for (var future : threads.invokeAll(bodies)) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }

    static List<String> found(String mark, String filter) {
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

    static ListUsersResponse list(String mark, String orderBy, String token, int size) {
        return CALLS.unary(
                UserServiceGrpc.getListUsersMethod(),
                ListUsersRequest.newBuilder()
                        .setFilter("name:\"" + mark + "\"")
                        .setOrderBy(orderBy)
                        .setPageToken(token)
                        .setPageSize(size)
                        .build());
    }

    static List<User> export(String filter, String afterId) {
        return CALLS.stream(
                UserServiceGrpc.getExportUsersMethod(),
                ExportUsersRequest.newBuilder().setFilter(filter).setAfterId(afterId).build());
    }

    static User get(String id) {
        return CALLS.unary(
                UserServiceGrpc.getGetUserMethod(), GetUserRequest.newBuilder().setId(id).build());
    }

    static User create(String name) {
        return create(user(name));
    }

    static User create(User user) {
        return CALLS.unary(
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder().setUser(user).build());
    }

    static User update(User user, String path) {
        return CALLS.unary(
                UserServiceGrpc.getUpdateUserMethod(),
                UpdateUserRequest.newBuilder()
                        .setUser(user)
                        .setUpdateMask(FieldMask.newBuilder().addPaths(path))
                        .build());
    }

    static void delete(String id, String etag, String requestId) {
        var _ =
                CALLS.unary(
                        UserServiceGrpc.getDeleteUserMethod(),
                        DeleteUserRequest.newBuilder()
                                .setId(id)
                                .setEtag(etag)
                                .setRequestId(requestId)
                                .build());
    }

    static List<User> createMany(int count, String mark) {
        return batch(users(count, mark), false, "").getUsersList();
    }

    static BatchCreateUsersResponse batch(List<User> users, boolean partial, String requestId) {
        var request =
                BatchCreateUsersRequest.newBuilder()
                        .setReturnPartialSuccess(partial)
                        .setRequestId(requestId);
        users.forEach(user -> request.addRequests(CreateUserRequest.newBuilder().setUser(user)));
        return CALLS.unary(UserServiceGrpc.getBatchCreateUsersMethod(), request.build());
    }

    static List<User> users(int count, String mark) {
        return IntStream.range(0, count).mapToObj(i -> user(mark + " " + i % 10)).toList();
    }

    static User user(String name) {
        return User.newBuilder().setEmail(email()).setName(name).build();
    }

    static List<String> fields(RpcException failure) {
        return failure.detail(BadRequest.class).orElseThrow().getFieldViolationsList().stream()
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    static String email() {
        return UUID.randomUUID() + "@example.com";
    }

    static String mark() {
        return "mark" + UUID.randomUUID().toString().substring(0, 8);
    }
}
