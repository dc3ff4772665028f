package dev.heddle.activity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.TestGateway;
import dev.heddle.activity.v1.Action;
import dev.heddle.activity.v1.ActivityServiceGrpc;
import dev.heddle.activity.v1.Analytics;
import dev.heddle.activity.v1.GetAnalyticsRequest;
import dev.heddle.activity.v1.ListActionsRequest;
import dev.heddle.activity.v1.RecordActionRequest;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.StoreCalls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What people do, as two gateways on one database record it.
@Timeout(60)
final class ActivityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestPostgres.Database database = TestPostgres.createDatabase();
    private final TestGateway gateway = TestGateway.open(database).start();
    private final TestGateway other = TestGateway.open(database).start();
    private final GatewayCalls calls = calls(gateway);
    private final GatewayCalls otherCalls = calls(other);

    ActivityTest() throws Exception {}

    private static GatewayCalls calls(TestGateway gateway) {
        return new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    }

    @AfterEach
    void close() {
        calls.close();
        otherCalls.close();
        gateway.close();
        other.close();
    }

    @Test
    void actionsOfManyCallersAreLoggedAndCountedOnce() throws Exception {
        var ada = user();
        var bodies = new ArrayList<Callable<Action>>();
        for (var i = 0; i < 200; i++) {
            var by = i % 2 == 0 ? calls : otherCalls;
            var type = i % 4 == 0 ? "cart.filled" : "page.viewed";
            var note = "note " + i;
            bodies.add(() -> record(by, ada, type, note));
        }

        var recorded = StoreCalls.together(bodies);

        awaitTotal(200);
        var analytics = analytics();
        assertThat(analytics.getTypesList())
                .extracting(Analytics.TypeCount::getType, Analytics.TypeCount::getCount)
                .containsExactly(Tuple.tuple("page.viewed", 150L), Tuple.tuple("cart.filled", 50L));
        assertThat(analytics.getHoursList().stream().mapToLong(Analytics.HourCount::getCount).sum())
                .isEqualTo(200);
        assertThat(list(ada)).containsExactlyInAnyOrderElementsOf(recorded);
    }

    @Test
    void actionIsRecordedReadAndCountedOverHttp() throws Exception {
        var ada = user();
        var target = "/v1/users/%s/actions".formatted(ada);
        var json = "{\"type\": \"page.viewed\", \"details\": {\"page\": \"/\", \"n\": 2}}";

        var recorded = body(calls.send("POST", target + "?request_id=" + ada, json));

        assertThat(recorded.at("/details/page").asText()).isEqualTo("/");
        assertThat(body(calls.send("POST", target + "?request_id=" + ada, json)))
                .isEqualTo(recorded);
        awaitTotal(1);
        assertThat(body(calls.get(target)).at("/actions/0")).isEqualTo(recorded);
        var analytics = body(calls.get("/v1/activity:analytics"));
        assertThat(analytics.get("total").asText()).isEqualTo("1");
        assertThat(analytics.at("/types/0/type").asText()).isEqualTo("page.viewed");
        assertThat(
                        calls.get(
                                        "/v1/activity:analytics?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z")
                                .body())
                .contains("end_time", "behind the start_time");
    }

    @Test
    void whatIsNoActionOfAUserIsRefused() throws Exception {
        var ada = user();
        var nobody = UUID.randomUUID().toString();

        assertThat(Calls.failure(() -> record(calls, nobody, "page.viewed", "")).reason())
                .contains("USER_NOT_FOUND");
        assertThat(Calls.failure(() -> record(calls, "ada", "page.viewed", "")).code())
                .isEqualTo(Code.NOT_FOUND);
        assertThat(Calls.failure(() -> record(calls, ada, "Page viewed", "")).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Calls.failure(() -> record(calls, ada, "page.viewed", "x".repeat(16 << 10))))
                .hasMessageContaining("expected: at most 16384");
    }

    @Test
    void logForgetsAUserWhoIsRemoved() throws Exception {
        var ada = user();
        var _ = record(calls, ada, "page.viewed", "");
        awaitTotal(1);
        assertThat(list(ada)).hasSize(1);

        var _ =
                calls.grpc(
                        UserServiceGrpc.getDeleteUserMethod(),
                        DeleteUserRequest.newBuilder().setId(ada).build());

        Await.until("an empty log", () -> list(ada).isEmpty());
        assertThat(analytics().getTotal()).isEqualTo(1);
    }

    private static Action record(GatewayCalls calls, String user, String type, String note) {
        var details =
                Struct.newBuilder()
                        .putFields("note", Value.newBuilder().setStringValue(note).build());
        return calls.grpc(
                ActivityServiceGrpc.getRecordActionMethod(),
                RecordActionRequest.newBuilder()
                        .setUser(user)
                        .setAction(Action.newBuilder().setType(type).setDetails(details))
                        .build());
    }

    private void awaitTotal(long total) {
        Await.until("all actions counted", () -> analytics().getTotal() >= total);
    }

    private Analytics analytics() {
        return calls.grpc(
                ActivityServiceGrpc.getGetAnalyticsMethod(),
                GetAnalyticsRequest.getDefaultInstance());
    }

    private List<Action> list(String user) {
        return calls.grpc(
                        ActivityServiceGrpc.getListActionsMethod(),
                        ListActionsRequest.newBuilder().setUser(user).setPageSize(1000).build())
                .getActionsList();
    }

    private String user() {
        return calls.grpc(
                        UserServiceGrpc.getCreateUserMethod(),
                        CreateUserRequest.newBuilder()
                                .setUser(
                                        User.newBuilder()
                                                .setName("Ada")
                                                .setEmail(UUID.randomUUID() + "@example.com"))
                                .build())
                .getId();
    }

    private static JsonNode body(java.net.http.HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
