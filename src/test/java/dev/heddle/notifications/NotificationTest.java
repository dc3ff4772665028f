package dev.heddle.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.heddle.TestGateway;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.notifications.v1.ListNotificationsRequest;
import dev.heddle.notifications.v1.Notification;
import dev.heddle.notifications.v1.Notification.EmailState;
import dev.heddle.notifications.v1.NotificationServiceGrpc;
import dev.heddle.notifications.v1.SendNotificationRequest;
import dev.heddle.notifications.v1.SendNotificationResponse;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Notifications as callers of the gateway and the readers of their e-mails see them.
@Timeout(60)
final class NotificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static GreenMail mail = startMail(0);
    private static final TestGateway GATEWAY = open();
    private static final GatewayCalls CALLS =
            new GatewayCalls(URI.create("http://127.0.0.1:" + GATEWAY.port()), GATEWAY.token());

    private static GreenMail startMail(int port) {
        var server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return server;
    }

    private static TestGateway open() {
        try {
            return TestGateway.open(
                            TestPostgres.createDatabase(),
                            Map.of(
                                    "mail.host", "127.0.0.1",
                                    "mail.port", Integer.toString(mail.getSmtp().getPort()),
                                    "mail.encryption", "none",
                                    "jobs.first-pause", "20ms",
                                    "jobs.last-pause", "200ms",
                                    "jobs.max-attempts", "100"))
                    .start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void forgetMail() throws Exception {
        mail.purgeEmailFromAllMailboxes();
    }

    @AfterAll
    static void close() {
        CALLS.close();
        GATEWAY.close();
        mail.stop();
    }

    @Test
    void everybodyIsToldAndEachWhoIsNotIsNamedWithTheReason() throws Exception {
        var ada = user();
        var bob = user();
        var nobody = UUID.randomUUID().toString();

        var response =
                send(
                        SendNotificationRequest.newBuilder()
                                .addUsers(ada.getId())
                                .addUsers(nobody)
                                .addUsers("no id")
                                .addUsers(bob.getId())
                                .setTitle("Sale")
                                .setBody("Everything must go.")
                                .setEmail(true));

        assertThat(response.getSucceededList())
                .extracting(SendNotificationResponse.Success::getUser)
                .containsExactly(ada.getId(), bob.getId());
        assertThat(response.getFailedList())
                .extracting(SendNotificationResponse.Failure::getUser)
                .containsExactly(nobody, "no id");
        assertThat(response.getFailedList())
                .allMatch(failure -> failure.getError().getCode() == Code.NOT_FOUND.value());
        Await.until(
                "the end of both jobs",
                () ->
                        response.getSucceededList().stream()
                                .allMatch(each -> jobState(each.getJob()) == Job.State.SUCCEEDED));
        assertThat(addresses()).containsExactlyInAnyOrder(ada.getEmail(), bob.getEmail());
        assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("Sale");
        var inbox = inbox(ada);
        assertThat(inbox).hasSize(1);
        assertThat(inbox.getFirst().getId()).isEqualTo(response.getSucceeded(0).getNotification());
        assertThat(inbox.getFirst().getEmailState()).isEqualTo(EmailState.EMAIL_STATE_SENT);
    }

    @Test
    void crowdIsToldOverAFewConnections() {
        var users = IntStream.range(0, 100).mapToObj(_ -> user().getId()).toList();

        var response = send(sale(users).setEmail(true));

        assertThat(response.getFailedList()).isEmpty();
        assertThat(response.getSucceededCount()).isEqualTo(100);
        Await.until("all e-mails", () -> mail.getReceivedMessages().length >= 100);
        assertThat(mail.getReceivedMessages()).hasSize(100);
    }

    @Test
    void emailOutlastsAnOutageAndARepetitionTellsNobodyTwice() {
        var ada = user();
        var request = sale(List.of(ada.getId())).setEmail(true).setRequestId("sale-" + ada.getId());
        var port = mail.getSmtp().getPort();
        mail.stop();

        var first = send(request);

        var job = first.getSucceeded(0).getJob();
        Await.until("an attempt that failed", () -> attempts(job) > 0);
        assertThat(emailState(ada)).isEqualTo(EmailState.EMAIL_STATE_PENDING);
        mail = startMail(port);
        Await.until("the end of the job", () -> jobState(job) == Job.State.SUCCEEDED);
        assertThat(emailState(ada)).isEqualTo(EmailState.EMAIL_STATE_SENT);
        assertThat(send(request)).isEqualTo(first);
        assertThat(inbox(ada)).hasSize(1);
        assertThat(mail.getReceivedMessages()).hasSize(1);
    }

    @Test
    void inboxIsReadAndWatchedOverHttp() throws Exception {
        var ada = user().getId();
        var target = "/v1/users/%s/notifications".formatted(ada);
        var sent =
                post(
                        "/v1/notifications:send",
                        "{\"users\": [\"%s\", \"nobody\"], \"title\": \"One\"}".formatted(ada));
        assertThat(sent.at("/succeeded/0/user").asText()).isEqualTo(ada);
        assertThat(sent.at("/failed/0/error/details/0/reason").asText())
                .isEqualTo("USER_NOT_FOUND");
        var first = sent.at("/succeeded/0/notification").asText();

        try (var watch = CALLS.events(target + ":watch?snapshot=true", "")) {
            assertThat(next(watch, "existing").at("/existing/id").asText()).isEqualTo(first);
            post(
                    "/v1/notifications:send",
                    "{\"users\": [\"%s\"], \"title\": \"Two\"}".formatted(ada));
            assertThat(next(watch, "created").at("/created/title").asText()).isEqualTo("Two");
            var read = post("/v1/notifications/%s:markRead".formatted(first), "{}");
            assertThat(next(watch, "read").at("/read")).isEqualTo(read);
            assertThat(post("/v1/notifications/%s:markRead".formatted(first), "{}"))
                    .isEqualTo(read);
        }
        assertThat(titles(get(target))).containsExactly("Two", "One");
        assertThat(titles(get(target + "?unread=true"))).containsExactly("Two");
        var page = get(target + "?page_size=1");
        assertThat(titles(page)).containsExactly("Two");
        assertThat(
                        titles(
                                get(
                                        target
                                                + "?page_size=1&page_token="
                                                + page.get("nextPageToken").asText())))
                .containsExactly("One");
    }

    @Test
    void titleWithALineBreakNeverReachesAHeader() throws Exception {
        var ada = user().getId();

        var refused =
                CALLS.send(
                        "POST",
                        "/v1/notifications:send",
                        "{\"users\": [\"%s\"], \"title\": \"Hi\\r\\nBcc: eve@example.com\", \"email\": true}"
                                .formatted(ada));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("title");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void notificationsGoWithTheirUser() {
        var ada = user();
        send(sale(List.of(ada.getId())));
        assertThat(inbox(ada)).hasSize(1);

        var _ =
                CALLS.grpc(
                        UserServiceGrpc.getDeleteUserMethod(),
                        DeleteUserRequest.newBuilder().setId(ada.getId()).build());

        Await.until("an empty inbox", () -> inbox(ada).isEmpty());
    }

    private static SendNotificationRequest.Builder sale(List<String> users) {
        return SendNotificationRequest.newBuilder()
                .addAllUsers(users)
                .setTitle("Sale")
                .setBody("Everything must go.");
    }

    private static SendNotificationResponse send(SendNotificationRequest.Builder request) {
        return CALLS.grpc(NotificationServiceGrpc.getSendNotificationMethod(), request.build());
    }

    private static EmailState emailState(User user) {
        return inbox(user).getFirst().getEmailState();
    }

    private static int attempts(String job) {
        return CALLS.grpc(
                        JobServiceGrpc.getGetJobMethod(),
                        GetJobRequest.newBuilder().setId(job).build())
                .getAttemptsCount();
    }

    private static Job.State jobState(String id) {
        return CALLS.grpc(
                        JobServiceGrpc.getGetJobMethod(),
                        GetJobRequest.newBuilder().setId(id).build())
                .getState();
    }

    private static List<Notification> inbox(User user) {
        return CALLS.grpc(
                        NotificationServiceGrpc.getListNotificationsMethod(),
                        ListNotificationsRequest.newBuilder().setUser(user.getId()).build())
                .getNotificationsList();
    }

    private static User user() {
        return CALLS.grpc(
                UserServiceGrpc.getCreateUserMethod(),
                CreateUserRequest.newBuilder()
                        .setUser(
                                User.newBuilder()
                                        .setName("Ada")
                                        .setEmail(UUID.randomUUID() + "@example.com"))
                        .build());
    }

    private static List<String> addresses() throws Exception {
        var addresses = new ArrayList<String>();
        for (var mail : mail.getReceivedMessages()) {
            addresses.add(mail.getAllRecipients()[0].toString());
        }
        return addresses;
    }

    private static List<String> titles(JsonNode page) {
        return page.get("notifications").findValuesAsText("title");
    }

    private static JsonNode next(GatewayCalls.Events watch, String kind) throws Exception {
        while (true) {
            var message = JSON.readTree(watch.next().data());
            if (message.has(kind)) {
                return message;
            }
        }
    }

    private static JsonNode get(String target) throws Exception {
        var response = CALLS.get(target);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode post(String target, String json) throws Exception {
        var response = CALLS.send("POST", target, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
