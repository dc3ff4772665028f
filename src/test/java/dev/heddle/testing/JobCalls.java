package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Set;

/// Has a gateway do jobs, by HTTP.
///
/// @param gateway where
public record JobCalls(GatewayCalls gateway) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "DEAD", "CANCELLED");

    /// Enqueues a job.
    ///
    /// @param payload JSON
    /// @return its id
    public String enqueue(String type, String payload) throws Exception {
        var response = tryToEnqueue(type, payload);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).get("id").asText();
    }

    /// Enqueues a job that the gateway may refuse.
    public HttpResponse<String> tryToEnqueue(String type, String payload) throws Exception {
        return gateway.send(
                "POST", "/v1/jobs", "{\"type\": \"%s\", \"payload\": %s}".formatted(type, payload));
    }

    /// Does a job.
    ///
    /// @return how it is when it has ended
    public JsonNode run(String type, String payload) throws Exception {
        return awaitEnd(enqueue(type, payload));
    }

    public JsonNode awaitEnd(String id) {
        Await.until("the end of job " + id, () -> ENDED.contains(get(id).get("state").asText()));
        return get(id);
    }

    public JsonNode get(String id) {
        try {
            return JSON.readTree(gateway.get("/v1/jobs/" + id).body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void cancel(String id) throws Exception {
        var response = gateway.send("POST", "/v1/jobs/%s:cancel".formatted(id), "{}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
}
