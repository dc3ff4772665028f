package dev.heddle.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.heddle.documents.v1.CreateDocumentRequest;
import dev.heddle.documents.v1.Document;
import dev.heddle.documents.v1.DocumentServiceGrpc;
import dev.heddle.documents.v1.GetDocumentRequest;
import dev.heddle.documents.v1.ListDocumentsRequest;
import dev.heddle.documents.v1.UpdateDocumentRequest;
import dev.heddle.documents.v1.WatchDocumentsRequest;
import dev.heddle.testing.GatewayTest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Documents over gRPC and as somebody with curl sees them.
@Timeout(60)
final class DocumentsTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManagedChannel channel;
    private final DocumentServiceGrpc.DocumentServiceBlockingStub grpc;
    private final URI gateway;
    private final String collection = "c" + UUID.randomUUID();

    DocumentsTest(URI gateway) {
        this.gateway = gateway;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", gateway.getPort())
                        .usePlaintext()
                        .build();
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token());
        this.grpc =
                DocumentServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        http.shutdownNow();
    }

    @Test
    void documentComesBackOverGrpcAsItWasSentOverHttp() throws Exception {
        var created =
                json(
                        send(
                                "POST",
                                documents(),
                                "{\"name\":\"café\",\"deep\":{\"list\":[1,null,true]}}"));

        var found = get(created.get("id").asText());

        assertThat(found.getEtag()).isEqualTo("1");
        assertThat(found.hasCreateTime()).isTrue();
        assertThat(found.getContent().getFieldsOrThrow("name")).isEqualTo(Values.of("café"));
        assertThat(
                        found.getContent()
                                .getFieldsOrThrow("deep")
                                .getStructValue()
                                .getFieldsOrThrow("list")
                                .getListValue()
                                .getValuesList())
                .containsExactly(Values.of(1), Values.ofNull(), Values.of(true));
        assertThat(json(send("GET", documents() + "/" + found.getId(), "")).get("content"))
                .isEqualTo(JSON.readTree("{\"name\":\"café\",\"deep\":{\"list\":[1,null,true]}}"));
    }

    @Test
    void documentsThatContainTheFilterAreListedByPages() throws Exception {
        for (var i = 0; i < 7; i++) {
            create(
                    "{\"tags\":[\"red\",\"n%d\"],\"owner\":{\"name\":\"%s\"}}"
                            .formatted(i, i < 5 ? "ada" : "bob"));
        }
        var filter = "{\"owner\":{\"name\":\"ada\"},\"tags\":[\"red\"]}";
        var found = new ArrayList<Document>();
        var token = "";
        do {
            var page =
                    grpc.listDocuments(
                            ListDocumentsRequest.newBuilder()
                                    .setCollection(collection)
                                    .setFilter(filter)
                                    .setPageSize(2)
                                    .setPageToken(token)
                                    .build());
            assertThat(page.getDocumentsCount()).isLessThanOrEqualTo(2);
            found.addAll(page.getDocumentsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(found).hasSize(5).extracting(Document::getId).isSorted().doesNotHaveDuplicates();
        var encoded = URLEncoder.encode("{\"tags\":[\"n6\"]}", StandardCharsets.UTF_8);
        assertThat(json(send("GET", documents() + "?filter=" + encoded, "")).get("documents"))
                .hasSize(1);
        var bad = send("GET", documents() + "?filter=state", "");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("not a JSON object");
    }

    @Test
    void patchMergesAndReplacementReplacesUnderTheEtag() throws Exception {
        var id = create("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}");
        var target = documents() + "/" + id;

        var patched = json(send("PATCH", target + "?etag=1", "{\"a\":null,\"b\":{\"c\":4}}"));
        assertThat(patched.get("content")).isEqualTo(JSON.readTree("{\"b\":{\"c\":4,\"d\":3}}"));
        assertThat(patched.get("etag").asText()).isEqualTo("2");

        var stale = send("PATCH", target + "?etag=1", "{\"a\":5}");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body()).contains("ETAG_MISMATCH");

        var replaced = json(send("PUT", target, "{\"e\":6}"));
        assertThat(replaced.get("content")).isEqualTo(JSON.readTree("{\"e\":6}"));

        assertThat(send("DELETE", target + "?etag=3", "").statusCode()).isEqualTo(200);
        assertThat(
                        catchThrowableOfType(StatusRuntimeException.class, () -> get(id))
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void idOfTheCallersChoiceIsTakenOnce() throws Exception {
        var request =
                CreateDocumentRequest.newBuilder()
                        .setCollection(collection)
                        .setDocumentId("mine")
                        .setContent(Struct.newBuilder().putFields("n", Values.of(1)))
                        .setRequestId(UUID.randomUUID().toString());
        var created = grpc.createDocument(request.build());

        assertThat(grpc.createDocument(request.build())).isEqualTo(created);

        var again = send("POST", documents() + "?document_id=mine", "{}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("DOCUMENT_EXISTS");
        assertThat(send("GET", "/v1/collections?page_size=1000", "").body()).contains(collection);
    }

    @Test
    void watcherSeesStateAndThenChanges() throws Exception {
        var id = create("{\"n\":1}");
        var stream =
                grpc.watchDocuments(
                        WatchDocumentsRequest.newBuilder()
                                .setCollection(collection)
                                .setSnapshot(true)
                                .build());
        assertThat(stream.next().getExisting().getId()).isEqualTo(id);
        assertThat(stream.next().hasSynced()).isTrue();
        assertThat(stream.next().hasBookmark()).isTrue();

        var updated =
                grpc.updateDocument(
                        UpdateDocumentRequest.newBuilder()
                                .setCollection(collection)
                                .setId(id)
                                .setPatch(Struct.newBuilder().putFields("n", Values.of(2)))
                                .build());

        assertThat(stream.next().getUpdated()).isEqualTo(updated);
        assertThat(send("DELETE", documents() + "/" + id, "").statusCode()).isEqualTo(200);
        assertThat(stream.next().getDeleted()).isEqualTo(updated);
    }

    @Test
    void documentThatIsTooLongIsRefused() throws Exception {
        var response =
                send("POST", documents(), "{\"text\":\"%s\"}".formatted("x".repeat(200_000)));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("DOCUMENT_TOO_LARGE", "at most 131072");
    }

    private Document get(String id) {
        return grpc.getDocument(
                GetDocumentRequest.newBuilder().setCollection(collection).setId(id).build());
    }

    private String create(String content) throws Exception {
        return json(send("POST", documents(), content)).get("id").asText();
    }

    private String documents() {
        return "/v1/collections/%s/documents".formatted(collection);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.resolve(target))
                        .timeout(Duration.ofSeconds(30))
                        .header("authorization", "Bearer " + token())
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
