package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same over HTTP with JSON, server-sent events, NDJSON and WebSocket.
@Timeout(60)
final class ChatFramingsTest {
    private static final ChatReplica REPLICA = ChatReplica.start(TestPostgres.createDatabase());
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern TEXT = Pattern.compile("\"text\": ?\"([^\"]*)\"");
    private static final Pattern TOKEN = Pattern.compile("\"token\": ?\"([^\"]*)\"");

    @AfterAll
    static void stop() {
        HTTP.shutdownNow();
        REPLICA.close();
    }

    @Test
    void roomIsUsedWithoutAnythingButHttp() throws Exception {
        var created = post("/v1/rooms?roomId=by-http", "{\"title\":\"By HTTP\"}");
        assertThat(created).contains("\"creator\":\"ada\"");

        var said = post("/v1/rooms/by-http/messages", "{\"text\":\"hello\"}");
        var history = get("/v1/rooms/by-http/messages?orderBy=number");

        assertThat(said).contains("\"number\":\"1\"");
        assertThat(history).contains("hello");
        assertThat(get("/v1/rooms/by-http")).contains("By HTTP");
        assertThat(get("/v1/rooms/nowhere/messages")).contains("ROOM_NOT_FOUND");
    }

    @Test
    void watchGoesOnOverAnotherFraming() throws Exception {
        var room = REPLICA.room();
        REPLICA.say("bob", room, "before");
        String token;
        try (var events = watch(room, "text/event-stream", "")) {
            assertThat(read(events, "before")).contains("\"earlier\"");
            assertThat(read(events, "\"synced\"")).isNotEmpty();
            REPLICA.say("bob", room, "one");
            var id = read(events, "id:");
            while (!read(events, "data:").contains("\"one\"")) {
                id = read(events, "id:");
            }
            token = id.substring("id:".length()).strip();
        }
        REPLICA.say("bob", room, "two");
        try (var lines = watch(room, "application/x-ndjson", token)) {
            var line = read(lines, "\"message\"");
            assertThat(text(line)).isEqualTo("two");
            token = find(TOKEN, line);
        }
        REPLICA.say("bob", room, "three");
        try (var socket =
                RawWebSocket.open(
                        REPLICA.port(),
                        "/v1/rooms/%s:watch?from=%s".formatted(room, token),
                        "Authorization: Bearer ada")) {
            socket.send("{\"type\":\"request\"}");
            assertThat(text(receive(socket, "\"text\""))).isEqualTo("three");
        }
    }

    @Test
    void browserThatWasCutOffGoesOn() throws Exception {
        var room = REPLICA.room();
        String id;
        try (var events = watch(room, "text/event-stream", "")) {
            id = read(events, "id:").substring("id:".length()).strip();
        }
        var texts = List.of("one", "two", "three");
        texts.forEach(text -> REPLICA.say("bob", room, text));
        var request =
                request("/v1/rooms/%s:watch".formatted(room))
                        .header("accept", "text/event-stream")
                        .header("last-event-id", id)
                        .build();
        try (var events = reader(request)) {
            var read = new ArrayList<String>();
            while (read.size() < texts.size()) {
                read.add(text(read(events, "\"text\"")));
            }
            assertThat(read).isEqualTo(texts);
        }
    }

    @Test
    void peopleTalkOverWebSocketAndGrpc() throws Exception {
        var room = REPLICA.room();
        try (var ada = chat("ada");
                var bob = REPLICA.session("bob")) {
            bob.join(room);
            ada.send(command("request", "1", "\"join\":{\"room\":\"%s\"}".formatted(room)));
            assertThat(receive(ada, "\"ack\"")).contains("\"id\":\"1\"");
            assertThat(receive(ada, "\"members\"")).contains("\"bob\"");

            ada.send(
                    command(
                            "message",
                            "2",
                            "\"message\":{\"room\":\"%s\",\"text\":\"over a socket\"}"
                                    .formatted(room)));
            ada.send(command("message", "3", "\"leave\":{\"room\":\"elsewhere\"}"));

            assertThat(bob.await(event -> event.hasMessage()).getMessage().getText())
                    .isEqualTo("over a socket");
            assertThat(receive(ada, "\"refusal\"")).contains("\"id\":\"3\"").contains("NOT_JOINED");
            ada.send("{\"type\":\"half-close\"}");
            assertThat(receive(ada, "\"end\"")).isNotEmpty();
            assertThat(bob.await(event -> event.hasLeft()).getLeft().getPerson()).isEqualTo("ada");
        }
    }

    private static RawWebSocket chat(String person) throws IOException {
        return RawWebSocket.open(
                REPLICA.port(),
                "/ws/heddle.chat.v1.ChatService/Chat",
                "Authorization: Bearer " + person);
    }

    private static String command(String type, String id, String command) {
        return "{\"type\":\"%s\",\"message\":{\"id\":\"%s\",%s}}".formatted(type, id, command);
    }

    private static String receive(RawWebSocket socket, String part) throws IOException {
        var text = socket.receiveText();
        while (!text.contains(part)) {
            text = socket.receiveText();
        }
        return text;
    }

    private static BufferedReader watch(String room, String accept, String from) throws Exception {
        return reader(
                request("/v1/rooms/%s:watch?from=%s".formatted(room, from))
                        .header("accept", accept)
                        .build());
    }

    private static BufferedReader reader(HttpRequest request) throws Exception {
        var body = HTTP.send(request, BodyHandlers.ofInputStream()).body();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    private static String read(BufferedReader lines, String part) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("the stream has ended before " + part);
    }

    private static String text(String json) {
        return find(TEXT, json);
    }

    private static String find(Pattern pattern, String json) {
        var found = pattern.matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return found.group(1);
    }

    private static String get(String target) throws Exception {
        return HTTP.send(request(target).build(), BodyHandlers.ofString()).body();
    }

    private static String post(String target, String json) throws Exception {
        return HTTP.send(
                        request(target)
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(REPLICA.uri(target)).header("authorization", "Bearer ada");
    }
}
