package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.GatewayTest;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.GetUserRequest;
import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a caller may rely on, whichever framing it speaks.
@Timeout(60)
abstract class ContractSuite extends GatewayTest {
    private final FramingClient client;
    private final Options options =
            new Options(Optional.of(token()), Optional.of(Duration.ofSeconds(30)));

    ContractSuite(FramingClient client) {
        this.client = client;
    }

    @AfterEach
    void close() {
        client.close();
    }

    // Users

    @Test
    void createdUserCanBeRead() {
        var created = create("Ada Lovelace");

        assertThat(created.getId()).isNotEmpty();
        assertThat(created.getState()).isEqualTo(User.State.STATE_ACTIVE);
        assertThat(created.hasCreateTime()).isTrue();
        assertThat(get(created.getId())).isEqualTo(created);
    }

    @Test
    void namesOfAnyScriptComeBackAsTheyWere() {
        var name = "Ἀλέξανδρος 王小明 \uD83E\uDDF5 \"quoted\" \\ / \u0001";

        assertThat(get(create(name).getId()).getName()).isEqualTo(name);
    }

    @Test
    void secondUserOfAnEmailIsRefusedWithTheReason() {
        var email = email();
        createWith(email);

        var failure = failure(() -> createWith(email.toUpperCase(Locale.ROOT)));

        assertThat(failure.code()).isEqualTo(Code.ALREADY_EXISTS);
        assertThat(failure.reason()).contains("EMAIL_TAKEN");
        assertThat(failure.detail(ErrorInfo.class).orElseThrow().getDomain())
                .isEqualTo("heddle.dev");
    }

    @Test
    void unknownUserIsNotFound() {
        var failure = failure(() -> get(UUID.randomUUID().toString()));

        assertThat(failure.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(failure.reason()).contains("USER_NOT_FOUND");
    }

    @Test
    void invalidUserIsRefusedWithEachOfItsFields() {
        var failure =
                failure(() ->
                        unary(
                                UserServiceGrpc.getCreateUserMethod(),
                                CreateUserRequest.newBuilder()
                                        .setUser(User.newBuilder().setEmail("nobody"))
                                        .build()));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.detail(BadRequest.class).orElseThrow().getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getField)
                .containsExactlyInAnyOrder("user.email", "user.name");
    }

    @Test
    void pagesHoldEachUserOnceInOrder() {
        var mark = mark();
        var created = createMany(25, mark);

        var listed = new ArrayList<User>();
        var pageToken = "";
        do {
            var page =
                    unary(
                            UserServiceGrpc.getListUsersMethod(),
                            ListUsersRequest.newBuilder()
                                    .setPageSize(10)
                                    .setFilter("name:\"" + mark + "\"")
                                    .setOrderBy("name desc")
                                    .setPageToken(pageToken)
                                    .build());
            listed.addAll(page.getUsersList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());

        assertThat(listed).containsExactlyElementsOf(created.reversed());
    }

    @Test
    void pageTokenThatWasTamperedWithIsRefused() {
        var failure =
                failure(() ->
                        unary(
                                UserServiceGrpc.getListUsersMethod(),
                                ListUsersRequest.newBuilder().setPageToken("bm8gdG9rZW4").build()));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void filterOverAnUnknownFieldIsRefused() {
        var failure =
                failure(() ->
                        unary(
                                UserServiceGrpc.getListUsersMethod(),
                                ListUsersRequest.newBuilder().setFilter("nam = \"x\"").build()));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.message()).contains("nam");
    }

    @Test
    void updateChangesWhatTheMaskNamesAndNothingElse() {
        var created = create("Before");

        var updated =
                unary(
                        UserServiceGrpc.getUpdateUserMethod(),
                        UpdateUserRequest.newBuilder()
                                .setUser(User.newBuilder().setId(created.getId()).setName("After"))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("name"))
                                .build());

        assertThat(updated.getName()).isEqualTo("After");
        assertThat(updated.getEmail()).isEqualTo(created.getEmail());
        assertThat(updated.getEtag()).isNotEqualTo(created.getEtag());
        assertThat(get(created.getId())).isEqualTo(updated);
    }

    @Test
    void updateOfAStaleVersionIsAborted() {
        var created = create("Before");
        update(created);

        var failure = failure(() -> update(created));

        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        assertThat(failure.reason()).contains("ETAG_MISMATCH");
    }

    @Test
    void deletedUserIsGone() {
        var created = create("Gone");

        unary(
                UserServiceGrpc.getDeleteUserMethod(),
                DeleteUserRequest.newBuilder().setId(created.getId()).build());

        assertThat(failure(() -> get(created.getId())).code()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void repeatedRequestIdAnswersAsBeforeAndChangesNothing() {
        var request =
                CreateUserRequest.newBuilder()
                        .setUser(User.newBuilder().setEmail(email()).setName("Once"))
                        .setRequestId(UUID.randomUUID().toString())
                        .build();

        var first = unary(UserServiceGrpc.getCreateUserMethod(), request);
        var second = unary(UserServiceGrpc.getCreateUserMethod(), request);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void batchThatFailsCreatesNobody() {
        var email = email();
        createWith(email);
        var other = email();

        var failure =
                failure(() ->
                        unary(UserServiceGrpc.getBatchCreateUsersMethod(), batch(other, email)));

        assertThat(failure.code()).isEqualTo(Code.ALREADY_EXISTS);
        createWith(other);
    }

    @Test
    void batchWithPartialSuccessSaysWhichFailed() {
        var taken = email();
        createWith(taken);

        var response =
                unary(
                        UserServiceGrpc.getBatchCreateUsersMethod(),
                        batch(email(), taken, email()).toBuilder()
                                .setReturnPartialSuccess(true)
                                .build());

        assertThat(response.getUsersCount()).isEqualTo(2);
        assertThat(response.getFailedRequestsMap()).containsOnlyKeys(1);
        assertThat(response.getFailedRequestsOrThrow(1).getCode())
                .isEqualTo(Code.ALREADY_EXISTS.value());
    }

    @Test
    void exportStreamsEachUserInOrderOfCreation() {
        var mark = mark();
        var created = createMany(250, mark);

        assertThat(
                        export(
                                ExportUsersRequest.newBuilder()
                                        .setFilter("name:\"" + mark + "\"")
                                        .build()))
                .containsExactlyElementsOf(created);
    }

    @Test
    void exportGoesOnBehindTheUserWhereItBrokeOff() {
        var mark = mark();
        var created = createMany(20, mark);

        assertThat(
                        export(
                                ExportUsersRequest.newBuilder()
                                        .setFilter("name:\"" + mark + "\"")
                                        .setAfterId(created.get(11).getId())
                                        .build()))
                .containsExactlyElementsOf(created.subList(12, 20));
    }

    // Streams and calls as such

    @Test
    void unaryEchoAnswers() {
        assertThat(
                        unary(DiagnosticsServiceGrpc.getEchoMethod(), echo("hello").build())
                                .getMessage())
                .isEqualTo("hello");
    }

    @Test
    void largeMessageComesBackWhole() {
        var text = "0123456789abcdef".repeat(60_000);

        assertThat(unary(DiagnosticsServiceGrpc.getEchoMethod(), echo(text).build()).getMessage())
                .isEqualTo(text);
    }

    @Test
    void streamArrivesWholeAndInOrder() {
        var responses = stream(echo("again").setCount(5_000).build());

        assertThat(responses)
                .extracting(EchoResponse::getIndex)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 5_000).mapToObj(Long::valueOf).toList());
    }

    @Test
    void emptyStreamEndsWell() {
        assertThat(stream(echo("never").build())).isEmpty();
    }

    @Test
    void streamThatFailsShowsWhatCameBeforeAndWhy() {
        var error =
                Status.newBuilder()
                        .setCode(Code.DATA_LOSS.value())
                        .setMessage("the tape broke: ½ é 糸");
        var received = new ArrayList<EchoResponse>();

        var failure =
                failure(() ->
                        client.call(
                                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                                List.of(echo("partly").setCount(3).setError(error).build()),
                                options,
                                received::add));

        assertThat(failure.code()).isEqualTo(Code.DATA_LOSS);
        assertThat(failure.message()).isEqualTo("the tape broke: ½ é 糸");
        assertThat(received).hasSize(3);
    }

    @Test
    void messagesOfAStreamArriveAsTheyAreSent() {
        var gaps = new ArrayList<Duration>();
        var start = System.nanoTime();

        client.call(
                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                List.of(echo("slowly").setCount(3).setInterval(Durations.fromMillis(300)).build()),
                options,
                _ -> gaps.add(Duration.ofNanos(System.nanoTime() - start)));

        assertThat(gaps.getLast().minus(gaps.getFirst())).isGreaterThan(Duration.ofMillis(400));
    }

    @Test
    void clientStreamIsAnsweredOnce() {
        var responses =
                call(
                        DiagnosticsServiceGrpc.getEchoCollectMethod(),
                        List.of(echo("one").build(), echo("two").build(), echo("three").build()));

        assertThat(responses).extracting(EchoResponse::getMessage).containsExactly("one two three");
    }

    @Test
    void bidirectionalStreamAnswersEachMessage() {
        var requests = IntStream.range(0, 100).mapToObj(i -> echo("message " + i).build()).toList();

        assertThat(call(DiagnosticsServiceGrpc.getEchoChatMethod(), requests))
                .extracting(EchoResponse::getMessage)
                .containsExactlyElementsOf(requests.stream().map(EchoRequest::getMessage).toList());
    }

    @Test
    void errorsKeepTheirCodeMessageAndDetails() {
        for (var code : Code.values()) {
            if (code == Code.OK) {
                continue;
            }
            var detail =
                    Any.pack(
                            ErrorInfo.newBuilder()
                                    .setReason("OF_TEST")
                                    .setDomain("example.com")
                                    .build());
            var error =
                    Status.newBuilder()
                            .setCode(code.value())
                            .setMessage("as asked")
                            .addDetails(detail)
                            .build();

            var failure =
                    failure(() ->
                            unary(
                                    DiagnosticsServiceGrpc.getEchoMethod(),
                                    echo("x").setError(error).build()));

            assertThat(failure.toStatus()).isEqualTo(error);
        }
    }

    @Test
    void callWithoutTokenIsUnauthenticated() {
        var failure =
                failure(() ->
                        call(
                                DiagnosticsServiceGrpc.getEchoMethod(),
                                List.of(echo("x").build()),
                                options.withoutToken()));

        assertThat(failure.code()).isEqualTo(Code.UNAUTHENTICATED);
    }

    @Test
    void callWithAnotherTokenIsUnauthenticated() {
        var failure =
                failure(() ->
                        call(
                                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                                List.of(echo("x").setCount(1).build()),
                                options.withToken("other")));

        assertThat(failure.code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(failure.reason()).contains("CREDENTIALS_INVALID");
    }

    @Test
    void deadlineEndsACallThatWaits() {
        var failure =
                failure(() ->
                        call(
                                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                                List.of(
                                        echo("late")
                                                .setCount(1)
                                                .setInterval(Durations.fromSeconds(60))
                                                .build()),
                                options.within(Duration.ofMillis(200))));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        awaitNoActiveCalls();
    }

    @Test
    void handlerOfACallerThatWentAwayEnds() {
        client.abandon(
                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                echo("anybody there")
                        .setCount(1_000_000)
                        .setInterval(Durations.fromMillis(5))
                        .build(),
                options);

        awaitNoActiveCalls();
    }

    @Test
    void abandonedExportFreesItsConnection() {
        createMany(200, mark());
        for (int i = 0; i < 20; i++) {
            client.abandon(
                    UserServiceGrpc.getExportUsersMethod(),
                    ExportUsersRequest.getDefaultInstance(),
                    options);
        }

        awaitNoActiveCalls();
        awaitNoBusyConnections();
    }

    private static EchoRequest.Builder echo(String message) {
        return EchoRequest.newBuilder().setMessage(message);
    }

    private User create(String name) {
        return unary(
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder()
                        .setUser(User.newBuilder().setEmail(email()).setName(name))
                        .build());
    }

    private User createWith(String email) {
        return unary(UserServiceGrpc.getCreateUserMethod(), batch(email).getRequests(0));
    }

    private List<User> createMany(int count, String mark) {
        var batch = BatchCreateUsersRequest.newBuilder();
        for (int i = 0; i < count; i++) {
            var user = User.newBuilder().setEmail(email()).setName("%s %05d".formatted(mark, i));
            batch.addRequests(CreateUserRequest.newBuilder().setUser(user));
        }
        return unary(UserServiceGrpc.getBatchCreateUsersMethod(), batch.build()).getUsersList();
    }

    private static BatchCreateUsersRequest batch(String... emails) {
        var batch = BatchCreateUsersRequest.newBuilder();
        for (var email : emails) {
            var user = User.newBuilder().setEmail(email).setName("Of a batch");
            batch.addRequests(CreateUserRequest.newBuilder().setUser(user));
        }
        return batch.build();
    }

    private void update(User user) {
        unary(
                UserServiceGrpc.getUpdateUserMethod(),
                UpdateUserRequest.newBuilder()
                        .setUser(user.toBuilder().setName("Changed"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("name"))
                        .build());
    }

    private User get(String id) {
        return unary(
                UserServiceGrpc.getGetUserMethod(), GetUserRequest.newBuilder().setId(id).build());
    }

    private List<User> export(ExportUsersRequest request) {
        return call(UserServiceGrpc.getExportUsersMethod(), List.of(request));
    }

    private List<EchoResponse> stream(EchoRequest request) {
        return call(DiagnosticsServiceGrpc.getEchoStreamMethod(), List.of(request));
    }

    private <Q extends Message, R extends Message> R unary(
            MethodDescriptor<Q, R> method, Q request) {
        var responses = call(method, List.of(request));
        assertThat(responses).hasSize(1);
        return responses.getFirst();
    }

    private <Q extends Message, R extends Message> List<R> call(
            MethodDescriptor<Q, R> method, List<Q> requests) {
        return call(method, requests, options);
    }

    private <Q extends Message, R extends Message> List<R> call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options with) {
        var responses = new ArrayList<R>();
        client.call(method, requests, with, responses::add);
        return responses;
    }

    private static RpcException failure(Runnable body) {
        var failure = catchThrowableOfType(RpcException.class, body::run);
        assertThat(failure).as("an error from the gateway").isNotNull();
        return failure;
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }

    private static String mark() {
        return "mark" + UUID.randomUUID().toString().substring(0, 8);
    }

    static URI local(URI uri) {
        return URI.create("http://127.0.0.1:" + uri.getPort());
    }
}
