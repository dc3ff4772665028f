package dev.heddle.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Durations;
import dev.heddle.jobs.v1.EnqueueJobRequest;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.GatewayTest;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Jobs by gRPC and by HTTP.
@Timeout(60)
final class JobsOverHttpTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayCalls calls;

    JobsOverHttpTest(URI gateway) {
        this.calls = new GatewayCalls(gateway, token());
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private JsonNode post(String target, String json) throws Exception {
        return JSON.readTree(calls.send("POST", target, json).body());
    }

    private JsonNode get(String target) throws Exception {
        return JSON.readTree(calls.get(target).body());
    }

    @Test
    void watchedJobTellsItsEnd() throws Exception {
        var id = sleep(700).get("id").asText();

        try (var events = calls.events("/v1/jobs/%s:watch".formatted(id), "")) {
            var first = JSON.readTree(events.next().data());
            assertThat(first.at("/existing/job/id").asText()).isEqualTo(id);
            var last = JSON.readTree(events.next().data());
            while (!last.has("ended")) {
                last = JSON.readTree(events.next().data());
            }
            assertThat(last.at("/ended/state").asText()).isEqualTo("SUCCEEDED");
            assertThat(last.at("/ended/result/millis").asInt()).isEqualTo(700);
        }
        var job = get("/v1/jobs/" + id);
        assertThat(job.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.get("progress").asDouble()).isEqualTo(1);
        assertThat(job.get("attempts")).hasSize(1);
    }

    @Test
    void runningJobIsCancelledAndRunAgain() throws Exception {
        var id = sleep(60_000).get("id").asText();

        post("/v1/jobs/%s:cancel".formatted(id), "{}");

        try (var events = calls.events("/v1/jobs/%s:watch".formatted(id), "")) {
            var seen = JSON.readTree(events.next().data());
            while (!seen.at("/ended/state").asText().equals("CANCELLED")
                    && !seen.at("/existing/job/state").asText().equals("CANCELLED")) {
                seen = JSON.readTree(events.next().data());
            }
        }
        assertThat(post("/v1/jobs/%s:retry".formatted(id), "{}").get("state").asText())
                .isEqualTo("PENDING");
        post("/v1/jobs/%s:cancel".formatted(id), "{}");
    }

    @Test
    void repeatedRequestMakesOneJob() throws Exception {
        var target = "/v1/jobs?request_id=" + UUID.randomUUID();
        var first = post(target, "{\"type\":\"sleep\"}");

        assertThat(post(target, "{\"type\":\"sleep\"}")).isEqualTo(first);
        assertThat(get("/v1/jobs?type=sleep").get("jobs")).isNotEmpty();
    }

    @Test
    void typesAreListedPausedAndResumed() throws Exception {
        assertThat(get("/v1/jobTypes").at("/types").findValuesAsText("name")).contains("sleep");
        assertThat(post("/v1/jobTypes/sleep:pause", "{}").get("paused").asBoolean()).isTrue();
        assertThat(post("/v1/jobTypes/sleep:resume", "{}").has("paused")).isFalse();
        assertThat(get("/v1/jobs:deadLetters").has("code")).isFalse();
        assertThat(post("/v1/jobs:redrive", "{}").has("code")).isFalse();
    }

    @Test
    void wrongPayloadIsRefused() throws Exception {
        var response = calls.send("POST", "/v1/jobs", "{\"type\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("UNKNOWN_JOB_TYPE");
    }

    @Test
    void jobIsEnqueuedAndReadByGrpc() {
        var job =
                calls.grpc(
                        JobServiceGrpc.getEnqueueJobMethod(),
                        EnqueueJobRequest.newBuilder()
                                .setJob(Job.newBuilder().setType("sleep"))
                                .build());

        var found =
                calls.grpc(
                        JobServiceGrpc.getGetJobMethod(),
                        GetJobRequest.newBuilder().setId(job.getId()).build());

        assertThat(found.getCreateTime()).isEqualTo(job.getCreateTime());
    }

    @Test
    void jobIsALongRunningOperation() throws Exception {
        var id = sleep(300).get("id").asText();
        var name = "operations/" + id;
        assertThat(get("/v1/" + name).get("name").asText()).isEqualTo(name);

        var waited =
                calls.grpc(
                        OperationsGrpc.getWaitOperationMethod(),
                        WaitOperationRequest.newBuilder().setName(name).build());

        assertThat(waited.getDone()).isTrue();
        assertThat(waited.getResponse().is(Struct.class)).isTrue();
        assertThat(get("/v1/operations").get("operations")).isNotEmpty();
        assertThat(get("/v1/" + name).at("/response/value/millis").asInt()).isEqualTo(300);
        assertThat(calls.send("DELETE", "/v1/" + name, "").statusCode()).isEqualTo(200);
        assertThat(calls.get("/v1/jobs/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void waitForAnOperationEndsWithItsTimeOrItsCancellation() throws Exception {
        var name = "operations/" + sleep(60_000).get("id").asText();
        var waited =
                calls.grpc(
                        OperationsGrpc.getWaitOperationMethod(),
                        WaitOperationRequest.newBuilder()
                                .setName(name)
                                .setTimeout(Durations.fromMillis(100))
                                .build());
        assertThat(waited.getDone()).isFalse();

        post("/v1/" + name + ":cancel", "{}");

        waited =
                calls.grpc(
                        OperationsGrpc.getWaitOperationMethod(),
                        WaitOperationRequest.newBuilder().setName(name).build());
        assertThat(waited.getError().getCode()).isEqualTo(Code.CANCELLED.value());
    }

    private JsonNode sleep(int millis) throws Exception {
        return post(
                "/v1/jobs", "{\"type\":\"sleep\",\"payload\":{\"millis\":%d}}".formatted(millis));
    }
}
