package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.heddle.TestGateway;
import dev.heddle.activity.v1.Action;
import dev.heddle.activity.v1.ActivityServiceGrpc;
import dev.heddle.activity.v1.ListActionsRequest;
import dev.heddle.activity.v1.RecordActionRequest;
import dev.heddle.chat.v1.ChatServiceGrpc;
import dev.heddle.chat.v1.DeleteRoomRequest;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.files.v1.DeleteFileRequest;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.FileServiceGrpc;
import dev.heddle.files.v1.GetFileRequest;
import dev.heddle.files.v1.ListFilesRequest;
import dev.heddle.files.v1.UpdateFileRequest;
import dev.heddle.jobs.v1.CancelJobRequest;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.jobs.v1.ListJobsRequest;
import dev.heddle.jobs.v1.RetryJobRequest;
import dev.heddle.jobs.v1.WatchJobRequest;
import dev.heddle.notifications.v1.ListNotificationsRequest;
import dev.heddle.notifications.v1.MarkNotificationReadRequest;
import dev.heddle.notifications.v1.NotificationServiceGrpc;
import dev.heddle.notifications.v1.WatchNotificationsRequest;
import dev.heddle.orders.v1.CancelOrderRequest;
import dev.heddle.orders.v1.GetOrderRequest;
import dev.heddle.orders.v1.ListOrdersRequest;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.ShipOrderRequest;
import dev.heddle.orders.v1.WatchOrdersRequest;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.CreateCommentRequest;
import dev.heddle.posts.v1.CreatePostRequest;
import dev.heddle.posts.v1.DeleteCommentRequest;
import dev.heddle.posts.v1.DeletePostRequest;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.PostServiceGrpc;
import dev.heddle.posts.v1.UpdatePostRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whose data is whose: every method on what is a person's, called by its owner, by another person
/// and by one who may reach everybody's, over every framing.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OwnershipTest {
    private final TestGateway gateway;
    private final URI address;
    private final FramingClient client;
    private final People people;

    /// What another person gets.
    private enum Refusal {
        /// What they would get of something that isn't there.
        ABSENT,
        /// PERMISSION_DENIED, reason `NOT_OWNER`.
        NOT_OWNER,
        /// PERMISSION_DENIED, reason `SCOPE_MISSING`; and so does the owner.
        SCOPE_MISSING
    }

    /// @param feature whose `.admin` scope reaches everybody's
    /// @param thing makes something that a person owns
    /// @param request asks for a thing, by what made it
    private record Row<Q extends Message, R extends Message>(
            MethodDescriptor<Q, R> method,
            String feature,
            Refusal refusal,
            Function<String, String> thing,
            Function<String, Q> request) {
        boolean isOver(LiveFraming framing) {
            return !(method.equals(OperationsGrpc.getWaitOperationMethod()) && framing.isByRule());
        }
    }

    OwnershipTest() throws Exception {
        gateway = TestGateway.open(TestPostgres.createDatabase());
        gateway.start();
        address = URI.create("http://127.0.0.1:" + gateway.port());
        client = new GrpcClient(address);
        people = new People(gateway, client);
    }

    @BeforeAll
    void warmUp() {
        people.user();
    }

    @AfterAll
    void close() {
        client.close();
        gateway.close();
    }

    private Stream<Row<?, ?>> rows() {
        return Stream.of(orders(), files(), messages(), jobs(), operations(), posts(), users())
                .flatMap(each -> each);
    }

    private Stream<Row<?, ?>> orders() {
        return Stream.of(
                row(
                        OrderServiceGrpc.getPlaceOrderMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        people::wish),
                row(
                        OrderServiceGrpc.getGetOrderMethod(),
                        Refusal.ABSENT,
                        people::order,
                        id -> GetOrderRequest.newBuilder().setId(id).build()),
                row(
                        OrderServiceGrpc.getListOrdersMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> ListOrdersRequest.newBuilder().setUser(owner).build()),
                row(
                        OrderServiceGrpc.getPayOrderMethod(),
                        Refusal.ABSENT,
                        people::order,
                        id -> PayOrderRequest.newBuilder().setId(id).build()),
                row(
                        OrderServiceGrpc.getCancelOrderMethod(),
                        Refusal.ABSENT,
                        people::order,
                        id -> CancelOrderRequest.newBuilder().setId(id).build()),
                row(
                        OrderServiceGrpc.getShipOrderMethod(),
                        Refusal.SCOPE_MISSING,
                        people::paidOrder,
                        id -> ShipOrderRequest.newBuilder().setId(id).build()),
                row(
                        OrderServiceGrpc.getWatchOrdersMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> WatchOrdersRequest.newBuilder().setUser(owner).build()),
                topic("orders", "orders"),
                topic("files", "files"),
                topic("jobs", "jobs"),
                topic("activity", "activity"),
                topic("notifications", "notifications." + UUID.randomUUID()));
    }

    private static Row<?, ?> topic(String feature, String topic) {
        return new Row<>(
                EventServiceGrpc.getSubscribeMethod(),
                feature,
                Refusal.SCOPE_MISSING,
                owner -> owner,
                _ -> SubscribeRequest.newBuilder().setTopic(topic).build());
    }

    private Stream<Row<?, ?>> files() {
        return Stream.of(
                row(
                        FileServiceGrpc.getGetFileMethod(),
                        Refusal.ABSENT,
                        people::file,
                        id -> GetFileRequest.newBuilder().setId(id).build()),
                row(
                        FileServiceGrpc.getDownloadFileMethod(),
                        Refusal.ABSENT,
                        people::file,
                        id -> DownloadFileRequest.newBuilder().setId(id).build()),
                row(
                        FileServiceGrpc.getUpdateFileMethod(),
                        Refusal.ABSENT,
                        people::file,
                        id ->
                                UpdateFileRequest.newBuilder()
                                        .setFile(File.newBuilder().setId(id).setName("b.txt"))
                                        .setUpdateMask(mask("name"))
                                        .build()),
                row(
                        FileServiceGrpc.getDeleteFileMethod(),
                        Refusal.ABSENT,
                        people::file,
                        id -> DeleteFileRequest.newBuilder().setId(id).build()));
    }

    private Stream<Row<?, ?>> messages() {
        return Stream.of(
                row(
                        NotificationServiceGrpc.getListNotificationsMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> ListNotificationsRequest.newBuilder().setUser(owner).build()),
                row(
                        NotificationServiceGrpc.getMarkNotificationReadMethod(),
                        Refusal.ABSENT,
                        people::notification,
                        id -> MarkNotificationReadRequest.newBuilder().setId(id).build()),
                row(
                        NotificationServiceGrpc.getWatchNotificationsMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> WatchNotificationsRequest.newBuilder().setUser(owner).build()),
                row(
                        ActivityServiceGrpc.getRecordActionMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner ->
                                RecordActionRequest.newBuilder()
                                        .setUser(owner)
                                        .setAction(Action.newBuilder().setType("page.viewed"))
                                        .build()),
                row(
                        ActivityServiceGrpc.getListActionsMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> ListActionsRequest.newBuilder().setUser(owner).build()),
                row(
                        ChatServiceGrpc.getDeleteRoomMethod(),
                        Refusal.NOT_OWNER,
                        people::room,
                        id -> DeleteRoomRequest.newBuilder().setId(id).build()));
    }

    private Stream<Row<?, ?>> jobs() {
        return Stream.of(
                row(
                        JobServiceGrpc.getGetJobMethod(),
                        Refusal.ABSENT,
                        people::job,
                        id -> GetJobRequest.newBuilder().setId(id).build()),
                row(
                        JobServiceGrpc.getWatchJobMethod(),
                        Refusal.ABSENT,
                        people::job,
                        id -> WatchJobRequest.newBuilder().setId(id).build()),
                row(
                        JobServiceGrpc.getCancelJobMethod(),
                        Refusal.ABSENT,
                        people::job,
                        id -> CancelJobRequest.newBuilder().setId(id).build()),
                row(
                        JobServiceGrpc.getRetryJobMethod(),
                        Refusal.ABSENT,
                        people::endedJob,
                        id -> RetryJobRequest.newBuilder().setId(id).build()));
    }

    private Stream<Row<?, ?>> operations() {
        return Stream.of(
                row(
                        OperationsGrpc.getGetOperationMethod(),
                        Refusal.ABSENT,
                        people::job,
                        id -> GetOperationRequest.newBuilder().setName(operation(id)).build()),
                row(
                        OperationsGrpc.getWaitOperationMethod(),
                        Refusal.ABSENT,
                        people::endedJob,
                        id -> WaitOperationRequest.newBuilder().setName(operation(id)).build()),
                row(
                        OperationsGrpc.getCancelOperationMethod(),
                        Refusal.ABSENT,
                        people::job,
                        id -> CancelOperationRequest.newBuilder().setName(operation(id)).build()),
                row(
                        OperationsGrpc.getDeleteOperationMethod(),
                        Refusal.ABSENT,
                        people::endedJob,
                        id -> DeleteOperationRequest.newBuilder().setName(operation(id)).build()));
    }

    private Stream<Row<?, ?>> posts() {
        return Stream.of(
                row(
                        PostServiceGrpc.getCreatePostMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner ->
                                CreatePostRequest.newBuilder()
                                        .setPost(Post.newBuilder().setAuthor(owner).setTitle("t"))
                                        .build()),
                row(
                        PostServiceGrpc.getUpdatePostMethod(),
                        Refusal.NOT_OWNER,
                        people::post,
                        id ->
                                UpdatePostRequest.newBuilder()
                                        .setPost(Post.newBuilder().setId(id).setTitle("u"))
                                        .setUpdateMask(mask("title"))
                                        .build()),
                row(
                        PostServiceGrpc.getDeletePostMethod(),
                        Refusal.NOT_OWNER,
                        people::post,
                        id -> DeletePostRequest.newBuilder().setId(id).build()),
                row(
                        PostServiceGrpc.getCreateCommentMethod(),
                        Refusal.NOT_OWNER,
                        owner -> people.post(people.user()) + "/" + owner,
                        names ->
                                CreateCommentRequest.newBuilder()
                                        .setPost(first(names))
                                        .setComment(
                                                Comment.newBuilder()
                                                        .setAuthor(second(names))
                                                        .setText("x"))
                                        .build()),
                row(
                        PostServiceGrpc.getDeleteCommentMethod(),
                        Refusal.NOT_OWNER,
                        owner -> {
                            var comment = people.comment(owner);
                            return comment.getPost() + "/" + comment.getId();
                        },
                        names ->
                                DeleteCommentRequest.newBuilder()
                                        .setPost(first(names))
                                        .setId(second(names))
                                        .build()));
    }

    private Stream<Row<?, ?>> users() {
        return Stream.of(
                row(
                        UserServiceGrpc.getUpdateUserMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner ->
                                UpdateUserRequest.newBuilder()
                                        .setUser(User.newBuilder().setId(owner).setName("Grace"))
                                        .setUpdateMask(mask("name"))
                                        .build()),
                row(
                        UserServiceGrpc.getDeleteUserMethod(),
                        Refusal.NOT_OWNER,
                        owner -> owner,
                        owner -> DeleteUserRequest.newBuilder().setId(owner).build()));
    }

    @ParameterizedTest
    @EnumSource
    void ownersReachTheirOwnAndAdministratorsEverybodys(LiveFraming framing) {
        try (var caller = framing.client(address)) {
            rows().filter(row -> row.isOver(framing)).forEach(row -> check(caller, row));
        }
    }

    private <Q extends Message, R extends Message> void check(FramingClient caller, Row<Q, R> row) {
        var owner = people.user();
        var another = people.as(people.user());
        var thing = row.thing().apply(owner);
        var request = row.request().apply(thing);

        checkRefused(caller, row, another, thing);
        if (row.refusal() == Refusal.SCOPE_MISSING) {
            checkRefused(caller, row, people.as(owner), thing);
        } else {
            begin(caller, row.method(), request, people.as(owner));
        }
        var next = people.user();
        var admin = people.as(UUID.randomUUID().toString(), row.feature() + ".admin");
        begin(caller, row.method(), row.request().apply(row.thing().apply(next)), admin);
    }

    private static <Q extends Message, R extends Message> void checkRefused(
            FramingClient caller, Row<Q, R> row, Options options, String thing) {
        var failure = failure(caller, row.method(), row.request().apply(thing), options);
        var name = row.method().getFullMethodName();
        switch (row.refusal()) {
            case ABSENT -> {
                var absent = UUID.randomUUID().toString();
                var usual = failure(caller, row.method(), row.request().apply(absent), options);
                assertThat(failure.code()).as(name).isEqualTo(Code.NOT_FOUND);
                assertThat(failure.toStatus().toString().replace(thing, absent))
                        .as(name)
                        .isEqualTo(usual.toStatus().toString());
            }
            case NOT_OWNER, SCOPE_MISSING -> {
                assertThat(failure.code()).as(name).isEqualTo(Code.PERMISSION_DENIED);
                assertThat(failure.reason()).as(name).contains(row.refusal().name());
            }
        }
    }

    /// Makes a call that succeeds, as far as its first response.
    private static <Q extends Message, R extends Message> void begin(
            FramingClient caller, MethodDescriptor<Q, R> method, Q request, Options options) {
        if (method.getType().serverSendsOneMessage()) {
            var _ = People.call(caller, options, method, request);
        } else {
            caller.abandon(method, request, options);
        }
    }

    private static <Q extends Message, R extends Message> RpcException failure(
            FramingClient caller, MethodDescriptor<Q, R> method, Q request, Options options) {
        var failure =
                catchThrowableOfType(
                        RpcException.class,
                        () -> caller.call(method, List.of(request), options, _ -> {}));
        assertThat(failure).as(method.getFullMethodName()).isNotNull();
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void listsAreOfOnesOwn(LiveFraming framing) {
        var owner = people.user();
        var another = people.user();
        var order = people.order(owner);
        var file = people.file(owner);
        var job = people.endedJob(owner);
        try (var caller = framing.client(address)) {
            var own = List.of(order, file, job, job);
            assertThat(listed(caller, people.as(owner))).isEqualTo(own);
            assertThat(listed(caller, people.as(another))).isEmpty();
            assertThat(listed(caller, people.any())).containsAll(own);
        }
    }

    private static List<String> listed(FramingClient caller, Options options) {
        var ids = new ArrayList<String>();
        People.call(
                        caller,
                        options,
                        OrderServiceGrpc.getListOrdersMethod(),
                        ListOrdersRequest.newBuilder().setOrderBy("id desc").build())
                .getOrdersList()
                .stream()
                .map(Order::getId)
                .forEach(ids::add);
        People.call(
                        caller,
                        options,
                        FileServiceGrpc.getListFilesMethod(),
                        ListFilesRequest.newBuilder().setOrderBy("id desc").build())
                .getFilesList()
                .stream()
                .map(File::getId)
                .forEach(ids::add);
        People.call(
                        caller,
                        options,
                        JobServiceGrpc.getListJobsMethod(),
                        ListJobsRequest.getDefaultInstance())
                .getJobsList()
                .stream()
                .map(Job::getId)
                .forEach(ids::add);
        People.call(
                        caller,
                        options,
                        OperationsGrpc.getListOperationsMethod(),
                        ListOperationsRequest.newBuilder().setName("operations").build())
                .getOperationsList()
                .stream()
                .map(Operation::getName)
                .map(OwnershipTest::second)
                .forEach(ids::add);
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void watchIsOfOnesOwn(LiveFraming framing) throws Exception {
        var owner = people.user();
        var another = people.user();
        people.order(another);
        var order = people.order(owner);
        var request = WatchOrdersRequest.newBuilder().setSnapshot(true).build();
        try (var live =
                new Live<>(
                        framing.client(address),
                        OrderServiceGrpc.getWatchOrdersMethod(),
                        request,
                        people.as(owner))) {
            assertThat(live.next().getExisting().getId()).isEqualTo(order);
            assertThat(live.next().hasSynced()).isTrue();
            people.order(another);
            var next = people.order(owner);
            var told = live.next();
            while (told.hasBookmark()) {
                told = live.next();
            }
            assertThat(told.getPlaced().getId()).isEqualTo(next);
        }
    }

    @Test
    void personWhoIsSuspendedStaysSo() {
        var owner = people.user();
        var update =
                UpdateUserRequest.newBuilder()
                        .setUser(
                                User.newBuilder().setId(owner).setState(User.State.STATE_SUSPENDED))
                        .setUpdateMask(mask("state"))
                        .build();
        var method = UserServiceGrpc.getUpdateUserMethod();
        people.call(people.as("boss", "users.admin"), method, update);
        var back =
                update.toBuilder()
                        .setUser(update.getUser().toBuilder().setState(User.State.STATE_ACTIVE))
                        .build();

        var failure = failure(client, method, back, people.as(owner));

        assertThat(failure.code()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(failure.reason()).contains("SCOPE_MISSING");
    }

    @Test
    void uniqueKeyOfAnotherNamesNoJob() {
        var key = UUID.randomUUID().toString();
        var owner = people.user();

        var mine = people.job(owner, key);

        assertThat(people.job(owner, key)).isEqualTo(mine);
        assertThat(people.job(people.user(), key)).isNotEqualTo(mine);
    }

    @Test
    void exportTakesTheScopeToSeeAllOfItAndIsItsCreators() {
        var owner = people.user();
        var file = FileServiceGrpc.getGetFileMethod();

        var failure =
                catchThrowableOfType(
                        RpcException.class, () -> people.export(people.as(owner), "orders"));
        var made = people.export(people.as(owner, "orders.admin"), "orders");

        assertThat(failure.code()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(failure.reason()).contains("SCOPE_MISSING");
        var request = GetFileRequest.newBuilder().setId(made).build();
        assertThat(people.call(people.as(owner), file, request).getOwner()).isEqualTo(owner);
        assertThat(failure(client, file, request, people.as(people.user())).code())
                .isEqualTo(Code.NOT_FOUND);
    }

    private static <Q extends Message, R extends Message> Row<Q, R> row(
            MethodDescriptor<Q, R> method,
            Refusal refusal,
            Function<String, String> thing,
            Function<String, Q> request) {
        var feature =
                method.getFullMethodName().startsWith("google.")
                        ? "jobs"
                        : method.getFullMethodName().split("\\.", -1)[1];
        return new Row<>(method, feature, refusal, thing, request);
    }

    private static String operation(String job) {
        return "operations/" + job;
    }

    private static String first(String names) {
        return names.substring(0, names.indexOf('/'));
    }

    private static String second(String names) {
        return names.substring(names.indexOf('/') + 1);
    }

    private static FieldMask mask(String field) {
        return FieldMask.newBuilder().addPaths(field).build();
    }
}
