package dev.heddle.contract;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Timestamps;
import com.google.type.Money;
import dev.heddle.TestGateway;
import dev.heddle.catalog.v1.CatalogServiceGrpc;
import dev.heddle.catalog.v1.CreateProductRequest;
import dev.heddle.catalog.v1.Product;
import dev.heddle.chat.v1.ChatServiceGrpc;
import dev.heddle.chat.v1.CreateRoomRequest;
import dev.heddle.chat.v1.Room;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.files.v1.FileServiceGrpc;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.jobs.v1.CancelJobRequest;
import dev.heddle.jobs.v1.EnqueueJobRequest;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.jobs.v1.WatchJobRequest;
import dev.heddle.jobs.v1.WatchJobResponse;
import dev.heddle.notifications.v1.NotificationServiceGrpc;
import dev.heddle.notifications.v1.SendNotificationRequest;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.OrderServiceGrpc;
import dev.heddle.orders.v1.PayOrderRequest;
import dev.heddle.orders.v1.PlaceOrderRequest;
import dev.heddle.posts.v1.Comment;
import dev.heddle.posts.v1.CreateCommentRequest;
import dev.heddle.posts.v1.CreatePostRequest;
import dev.heddle.posts.v1.Post;
import dev.heddle.posts.v1.PostServiceGrpc;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// People who have things: each method makes one more, as its owner does.
final class People {
    /// What everybody may do.
    static final Set<String> USUAL =
            Set.of(
                    "activity.read",
                    "activity.write",
                    "chat.read",
                    "chat.write",
                    "events.subscribe",
                    "files.read",
                    "files.write",
                    "jobs.read",
                    "jobs.write",
                    "notifications.read",
                    "notifications.write",
                    "orders.read",
                    "orders.write",
                    "posts.read",
                    "posts.write",
                    "users.read",
                    "users.write");

    private final TestGateway gateway;
    private final FramingClient client;
    private final String product;

    /// @param client that has things made
    People(TestGateway gateway, FramingClient client) {
        this.gateway = gateway;
        this.client = client;
        this.product =
                call(
                                any(),
                                CatalogServiceGrpc.getCreateProductMethod(),
                                CreateProductRequest.newBuilder()
                                        .setProduct(
                                                Product.newBuilder()
                                                        .setName("Chair")
                                                        .setStock(1_000_000)
                                                        .setPrice(
                                                                Money.newBuilder()
                                                                        .setCurrencyCode("EUR")
                                                                        .setUnits(9)))
                                        .build())
                        .getId();
    }

    /// How somebody calls who has the usual scopes and some more.
    Options as(String subject, String... more) {
        var scopes = new HashSet<>(USUAL);
        scopes.addAll(List.of(more));
        return with(gateway.token(subject, scopes));
    }

    /// How somebody calls who may do everything.
    Options any() {
        return with(gateway.token());
    }

    private static Options with(String token) {
        return new Options(Optional.of(token), Optional.of(Duration.ofSeconds(40)));
    }

    <Q extends Message, R extends Message> R call(
            Options options, MethodDescriptor<Q, R> method, Q request) {
        return call(client, options, method, request);
    }

    static <Q extends Message, R extends Message> R call(
            FramingClient client, Options options, MethodDescriptor<Q, R> method, Q request) {
        var responses = new ArrayList<R>();
        client.call(method, List.of(request), options, responses::add);
        return responses.getFirst();
    }

    String user() {
        var user = User.newBuilder().setName("Ada").setEmail(UUID.randomUUID() + "@example.com");
        return call(
                        any(),
                        UserServiceGrpc.getCreateUserMethod(),
                        CreateUserRequest.newBuilder().setUser(user).build())
                .getId();
    }

    PlaceOrderRequest wish(String owner) {
        return PlaceOrderRequest.newBuilder()
                .setOrder(
                        Order.newBuilder()
                                .setUser(owner)
                                .addLines(
                                        Order.Line.newBuilder().setProduct(product).setQuantity(1)))
                .build();
    }

    String order(String owner) {
        return call(as(owner), OrderServiceGrpc.getPlaceOrderMethod(), wish(owner)).getId();
    }

    String paidOrder(String owner) {
        var request = PayOrderRequest.newBuilder().setId(order(owner)).build();
        return call(as(owner), OrderServiceGrpc.getPayOrderMethod(), request).getId();
    }

    String file(String owner) {
        return call(
                        as(owner),
                        FileServiceGrpc.getUploadFileMethod(),
                        UploadFileRequest.newBuilder()
                                .setName("a.txt")
                                .setContent(
                                        HttpBody.newBuilder()
                                                .setContentType("text/plain")
                                                .setData(ByteString.copyFromUtf8("mine")))
                                .build())
                .getId();
    }

    String notification(String owner) {
        return call(
                        any(),
                        NotificationServiceGrpc.getSendNotificationMethod(),
                        SendNotificationRequest.newBuilder().addUsers(owner).setTitle("t").build())
                .getSucceeded(0)
                .getNotification();
    }

    String room(String owner) {
        return call(
                        as(owner),
                        ChatServiceGrpc.getCreateRoomMethod(),
                        CreateRoomRequest.newBuilder()
                                .setRoom(Room.newBuilder().setTitle("t"))
                                .build())
                .getId();
    }

    /// A job that waits for as long as the test lasts.
    String job(String owner) {
        return job(owner, "");
    }

    String job(String owner, String uniqueKey) {
        var millis = Value.newBuilder().setNumberValue(1).build();
        var job =
                Job.newBuilder()
                        .setType("sleep")
                        .setUniqueKey(uniqueKey)
                        .setPayload(Struct.newBuilder().putFields("millis", millis))
                        .setRunTime(Timestamps.fromMillis(System.currentTimeMillis() + 3_600_000));
        return enqueue(as(owner), job);
    }

    private String enqueue(Options options, Job.Builder job) {
        return call(
                        options,
                        JobServiceGrpc.getEnqueueJobMethod(),
                        EnqueueJobRequest.newBuilder().setJob(job).build())
                .getId();
    }

    /// Waits for an export.
    ///
    /// @return the id of its file
    String export(Options options, String collection) {
        var of = Value.newBuilder().setStringValue(collection).build();
        var payload = Struct.newBuilder().putFields("collection", of);
        var job = enqueue(options, Job.newBuilder().setType("export").setPayload(payload));
        var told = new ArrayList<WatchJobResponse>();
        client.call(
                JobServiceGrpc.getWatchJobMethod(),
                List.of(WatchJobRequest.newBuilder().setId(job).build()),
                options,
                told::add);
        return call(
                        options,
                        JobServiceGrpc.getGetJobMethod(),
                        GetJobRequest.newBuilder().setId(job).build())
                .getResult()
                .getFieldsOrThrow("file")
                .getStringValue();
    }

    String endedJob(String owner) {
        var request = CancelJobRequest.newBuilder().setId(job(owner)).build();
        return call(as(owner), JobServiceGrpc.getCancelJobMethod(), request).getId();
    }

    String post(String owner) {
        var post = Post.newBuilder().setAuthor(owner).setTitle("t").setText("x");
        return call(
                        as(owner),
                        PostServiceGrpc.getCreatePostMethod(),
                        CreatePostRequest.newBuilder().setPost(post).build())
                .getId();
    }

    /// On a post of somebody else's.
    Comment comment(String owner) {
        var comment = Comment.newBuilder().setAuthor(owner).setText("x");
        return call(
                as(owner),
                PostServiceGrpc.getCreateCommentMethod(),
                CreateCommentRequest.newBuilder()
                        .setPost(post(user()))
                        .setComment(comment)
                        .build());
    }
}
