package dev.heddle.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.ErrorInfo;
import dev.heddle.TestGateway;
import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.search.v1.Hit;
import dev.heddle.search.v1.Piece;
import dev.heddle.search.v1.SearchRequest;
import dev.heddle.search.v1.SearchResponse;
import dev.heddle.search.v1.SearchServiceGrpc;
import dev.heddle.search.v1.Source;
import dev.heddle.search.v1.SourceStatus;
import dev.heddle.search.v1.SourceStatus.State;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One search over all that a gateway has and another server, over gRPC and HTTP.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Reply NOTHING = Reply.of("{\"hits\":[]}");
    private static final Reply PAGE =
            Reply.of(
                    """
                    {"took":3,"hits":[{"id":"p1","title":"Looms","snippet":"<b>All</b> of the quuxloom",
                     "url":"https://looms.example/p1"}]}
                    """);

    private final AtomicReference<Function<String, Reply>> replies =
            new AtomicReference<>(_ -> NOTHING);
    private final JsonServer external = JsonServer.start(path -> replies.get().apply(path));
    private final TestGateway gateway;
    private final GatewayCalls calls;

    SearchTest() throws Exception {
        gateway =
                TestGateway.open(
                                TestPostgres.createDatabase(),
                                Map.of(
                                        "search.external-url", external.address("/find?q={q}"),
                                        "search.timeout.products", "20s",
                                        "search.timeout.posts", "20s",
                                        "search.timeout.documents", "20s",
                                        "search.timeout.users", "20s",
                                        "search.timeout.external", "2s",
                                        "source.max-retries", "0",
                                        "source.breaker.volume", "1000"))
                        .start();
        calls = new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    }

    @BeforeAll
    void fill() throws Exception {
        var user =
                post(
                        "/v1/users",
                        "{\"name\":\"Quuxloom Weaver\",\"email\":\"weaver%_@example.com\"}");
        post(
                "/v1/products",
                """
                {"name":"Loom","description":"A quuxloom <script>alert(1)</script> of oak",
                 "price":{"currency_code":"EUR","units":"9"},"stock":3}
                """);
        post(
                "/v1/posts",
                "{\"author\":\"%s\",\"title\":\"On the quuxloom\",\"text\":\"Two quuxlooms weave.\"}"
                        .formatted(user.get("id").asText()));
        post(
                "/v1/collections/notes/documents",
                "{\"name\":\"a quuxloom\",\"deep\":[{\"more\":\"C'est quuxloom & rien\"}],\"n\":7}");
    }

    @BeforeEach
    void externalHasNothing() {
        replies.set(_ -> NOTHING);
    }

    @AfterAll
    void close() {
        calls.close();
        gateway.close();
        external.close();
    }

    @Test
    void everySourceIsSearchedAndItsHitsCanBeGot() throws Exception {
        replies.set(_ -> PAGE);

        var found = search("quuxloom");

        assertThat(found.getIsPartial()).isFalse();
        assertThat(found.getHitsList())
                .extracting(Hit::getType)
                .containsExactly("product", "post", "document", "user", "page");
        assertThat(found.getStatusesList())
                .allMatch(status -> status.getState() == State.STATE_OK && status.hasDuration())
                .extracting(SourceStatus::getHitCount)
                .containsExactly(1, 1, 1, 1, 1);
        for (var hit : found.getHitsList().subList(0, 4)) {
            var thing = calls.get(hit.getLink());
            assertThat(thing.statusCode()).as(hit.getLink()).isEqualTo(200);
            assertThat(thing.body()).containsIgnoringCase("quuxloom");
        }
        assertThat(found.getHits(4).getLink()).isEqualTo("https://looms.example/p1");
        assertThat(search("quuxloom").getHitsList()).isEqualTo(found.getHitsList());
    }

    @Test
    void snippetIsTextWithTheMatchesMarked() {
        replies.set(_ -> PAGE);
        var hits = search("quuxloom").getHitsList();

        assertThat(ofType("product", hits).getSnippetList())
                .containsExactly(
                        piece("A ", false),
                        piece("quuxloom", true),
                        piece("  alert(1)  of oak", false));
        assertThat(ofType("post", hits).getSnippetList()).contains(piece("quuxlooms", true));
        assertThat(text(ofType("document", hits))).isEqualTo("C'est quuxloom & rien a quuxloom");
        assertThat(text(ofType("page", hits))).isEqualTo("<b>All</b> of the quuxloom");
        assertThat(ofType("user", hits).getTitle()).isEqualTo("Quuxloom Weaver");
        assertThat(ofType("document", hits).getTitle()).startsWith("notes/");
    }

    @Test
    void answerOverHttpSaysTheSame() throws Exception {
        replies.set(_ -> PAGE);

        var found = json(get("quuxloom", "&page_size=2"));

        assertThat(found.get("hits")).hasSize(2);
        assertThat(found.at("/hits/0/type").asText()).isEqualTo("product");
        assertThat(found.at("/hits/1/score").asDouble()).isEqualTo(1.0 / 61);
        assertThat(found.get("statuses")).hasSize(5);
        assertThat(found.at("/statuses/4/state").asText()).isEqualTo("STATE_OK");
    }

    @Test
    void onlyChosenSourcesAreSearched() throws Exception {
        var before = external.requests();

        var found = json(get("quuxloom", "&sources=SOURCE_USERS&sources=SOURCE_POSTS"));

        assertThat(found.findValuesAsText("type")).containsExactly("post", "user");
        assertThat(found.get("statuses")).hasSize(2);
        assertThat(external.requests()).isEqualTo(before);
    }

    @Test
    void slowServerIsLeftAndTheAnswerSaysSo() {
        replies.set(_ -> new Reply(200, "{}", Duration.ofHours(1)));
        var before = external.abandoned();

        var found = search("quuxloom");

        assertThat(found.getIsPartial()).isTrue();
        assertThat(found.getHitsCount()).isEqualTo(4);
        var status = status(found, Source.SOURCE_EXTERNAL);
        assertThat(status.getState()).isEqualTo(State.STATE_TIMED_OUT);
        assertThat(status.getError().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED.value());
        assertThat(status.hasDuration()).isTrue();
        Await.until("closed connection", () -> external.abandoned() > before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hits\":[{\"title\":\"x\",\"url\":\"javascript:alert(1)\"}]}",
                "{\"hits\":[{\"title\":\"x\",\"url\":\"no address\"}]}",
                "{\"hits\":[{\"title\":\"x\"}]}",
                "{\"hits\":7}",
                "[]",
                "<html>",
                ""
            })
    void brokenAnswerLeavesTheOthersAlone(String body) {
        replies.set(_ -> Reply.of(body));

        var found = search("quuxloom");

        assertThat(found.getIsPartial()).isTrue();
        assertThat(found.getHitsCount()).isEqualTo(4);
        var status = status(found, Source.SOURCE_EXTERNAL);
        assertThat(status.getState()).isEqualTo(State.STATE_FAILED);
        assertThat(status.getError().getCode()).isEqualTo(Code.INTERNAL.value());
    }

    @Test
    void searchWithoutAnyAnswerFails() throws Exception {
        replies.set(_ -> new Reply(503, "{}", Duration.ZERO));

        var failure =
                Calls.failure(() ->
                        search(
                                SearchRequest.newBuilder()
                                        .setQ("quuxloom")
                                        .addSources(Source.SOURCE_EXTERNAL)));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.reason()).contains("NO_SOURCE_ANSWERED");
        assertThat(failure.detail(ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsExactly(Map.entry("SOURCE_EXTERNAL", "UNAVAILABLE"));
        assertThat(get("quuxloom", "&sources=SOURCE_EXTERNAL").statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'",
                "''; DROP TABLE posts; --",
                "\"unclosed quuxloom",
                "quuxloom & | ! <-> ( ) :* \\",
                "!!! ((( ))) &&& |||",
                "a:*&b:ABCD",
                "%",
                "_",
                "\\",
                "\\%",
                "😀 🧵",
                "the of and",
                "or - \" or",
                "-quuxloom",
                "../../etc?x=1#y&q=z",
                ".",
                "..",
                "{q} %7Bq%7D :words $1 ?",
                "\u0001\u0002\u007f",
                "\u202equuxloom\u200b",
                "quuxloom\r\n\tquuxloom",
            })
    void hostileQueryIsAnOrdinaryOne(String query) throws Exception {
        var asked = new AtomicReference<>("");
        replies.set(path -> {
            asked.set(path);
            return NOTHING;
        });

        var found = search(query);

        assertThat(found.getStatusesList()).allMatch(status -> status.getState() == State.STATE_OK);
        assertThat(asked.get()).startsWith("/find?q=").doesNotContain("#", "&", " ");
        assertThat(URLDecoder.decode(asked.get().substring(8), StandardCharsets.UTF_8).strip())
                .isEqualTo(query.strip());
        assertThat(json(get(query, "")).get("statuses")).hasSize(5);
    }

    @Test
    void wildcardsOfTheDatabaseAreText() {
        assertThat(users("%")).isEmpty();
        assertThat(users("_")).isEmpty();
        assertThat(users("weaver__")).isEmpty();
        assertThat(users("WEAVER%_")).hasSize(1);
        assertThat(users("quuxloom w")).hasSize(1);
    }

    @Test
    void longestQueryIsAnsweredAndALongerOneRefused() throws Exception {
        for (var query : List.of("x".repeat(500), "é ".repeat(250), "😀".repeat(500))) {
            assertThat(search(query).getIsPartial()).as(query).isFalse();
        }
        for (var query : List.of("", " ", "\t\n", "x\u0000", "\u0000", "x".repeat(501))) {
            var failure = Calls.failure(() -> search(query));
            assertThat(failure.code()).as(query).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(failure.message()).as(query).startsWith("q: ");
        }
        assertThat(calls.get("/v1/search").statusCode()).isEqualTo(400);
        assertThat(calls.get("/v1/search?q=%00").statusCode()).isEqualTo(400);
        assertThat(get("x", "&sources=SOURCE_UNSPECIFIED").statusCode()).isEqualTo(400);
        assertThat(get("x", "&page_size=-1").statusCode()).isEqualTo(400);
    }

    private List<Hit> users(String query) {
        return search(SearchRequest.newBuilder().setQ(query).addSources(Source.SOURCE_USERS))
                .getHitsList();
    }

    private SearchResponse search(String query) {
        return search(SearchRequest.newBuilder().setQ(query));
    }

    private SearchResponse search(SearchRequest.Builder request) {
        return calls.grpc(SearchServiceGrpc.getSearchMethod(), request.build());
    }

    private HttpResponse<String> get(String query, String parameters) throws Exception {
        return calls.get(
                "/v1/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + parameters);
    }

    private JsonNode post(String target, String body) throws Exception {
        return json(calls.send("POST", target, body));
    }

    private static SourceStatus status(SearchResponse response, Source source) {
        return response.getStatusesList().stream()
                .filter(status -> status.getSource() == source)
                .findFirst()
                .orElseThrow();
    }

    private static Hit ofType(String type, List<Hit> hits) {
        return hits.stream().filter(hit -> hit.getType().equals(type)).findFirst().orElseThrow();
    }

    private static String text(Hit hit) {
        return hit.getSnippetList().stream().map(Piece::getText).collect(Collectors.joining());
    }

    private static Piece piece(String text, boolean isMatch) {
        return Piece.newBuilder().setText(text).setIsMatch(isMatch).build();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
