package dev.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.HttpBody;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Durations;
import dev.heddle.files.v1.DeleteFileRequest;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.GetFileRequest;
import dev.heddle.files.v1.ListFilesRequest;
import dev.heddle.files.v1.UpdateFileRequest;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.GatewayTest;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files over gRPC and as somebody with curl sees them.
@Timeout(60)
final class FilesTest extends GatewayTest {
    private static final String PART = "--b\r\nContent-Disposition: form-data; name=";
    private static final String FILE_PART = PART + "\"f\"; filename=\"a\"\r\n\r\n1\r\n";
    private static final String TTL_PART = PART + "\"ttl\"\r\n\r\n60s\r\n";
    private static final String NONSENSE_PART = PART + "\"nonsense\"\r\n\r\n1\r\n";
    private static final String END = "--b--\r\n";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] CONTENT = Transfers.bytes(700_000);

    private final Transfers files;

    FilesTest(URI gateway) {
        this.files = new Transfers(gateway.getPort(), token());
    }

    @AfterEach
    void close() {
        files.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, 524_288, 700_000})
    void fileComesBackAsItWasSent(int size) throws Exception {
        var bytes = Transfers.bytes(size);
        var pieces = new ArrayList<UploadFileRequest>();
        for (var at = 0; at < size; at += 100_000) {
            pieces.add(
                    Transfers.piece(Arrays.copyOfRange(bytes, at, Math.min(size, at + 100_000))));
        }
        var file =
                files.upload(
                        UploadFileRequest.newBuilder()
                                .setName("a.bin")
                                .setSize(size)
                                .setSha256(sha256(bytes))
                                .setContent(HttpBody.newBuilder().setContentType("image/png"))
                                .build(),
                        pieces);

        assertThat(file.getSize()).isEqualTo(size);
        assertThat(file.getSha256()).isEqualTo(sha256(bytes));
        assertThat(file.getContentType()).isEqualTo("image/png");
        assertThat(file.getOwner()).isNotEmpty();
        assertThat(file.hasExpireTime()).isFalse();
        var byGrpc = files.download(DownloadFileRequest.newBuilder().setId(file.getId()).build());
        assertThat(byGrpc.bytes()).isEqualTo(bytes);
        assertThat(byGrpc.first().getPart().getTotalSize()).isEqualTo(size);
        assertThat(byGrpc.first().getContent().getContentType()).isEqualTo("image/png");
        assertThat(files.get(download(file)).body()).isEqualTo(bytes);
        var byHttp2 = files.getByHttp2(download(file));
        assertThat(byHttp2.body()).isEqualTo(bytes);
        assertThat(header(byHttp2, "content-length")).isEqualTo(Integer.toString(size));
    }

    @Test
    void bodyOfARequestBecomesAFile() throws Exception {
        var response =
                files.post(
                        "/v1/files?ttl=3600s",
                        CONTENT,
                        "content-type",
                        "text/plain; charset=utf-8",
                        "content-disposition",
                        "attachment; filename=\"x.txt\"; filename*=UTF-8''caf%C3%A9%20%E2%82%AC.txt");

        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        var file = json(response);
        assertThat(file.path("name").asText()).isEqualTo("caf\u00e9 \u20ac.txt");
        assertThat(file.path("contentType").asText()).isEqualTo("text/plain; charset=utf-8");
        assertThat(file.path("size").asText()).isEqualTo("700000");
        assertThat(file.path("expireTime").asText()).isNotEmpty();
        var down = files.get("/v1/files/%s:download".formatted(file.path("id").asText()));
        assertThat(down.body()).isEqualTo(CONTENT);
        assertThat(header(down, "content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(down, "content-length")).isEqualTo("700000");
        assertThat(header(down, "content-disposition"))
                .isEqualTo(
                        "attachment; filename=\"caf_ _.txt\"; filename*=UTF-8''caf%C3%A9%20%E2%82%AC.txt");
        assertThat(header(down, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(down, "content-security-policy")).contains("sandbox");
        assertThat(header(down, "etag")).isEqualTo("\"" + sha256(CONTENT) + "\"");
        assertThat(header(down, "accept-ranges")).isEqualTo("bytes");
    }

    @Test
    void bodyOverHttp2BecomesAFile() throws Exception {
        var file = json(files.postByHttp2("/v1/files?name=two", CONTENT));

        assertThat(file.path("sha256").asText()).isEqualTo(sha256(CONTENT));
        assertThat(files.getByHttp2(download(file), "range", "bytes=-3").body())
                .isEqualTo(Arrays.copyOfRange(CONTENT, CONTENT.length - 3, CONTENT.length));
    }

    @Test
    void compressedBodyBecomesTheFileThatItHolds() throws Exception {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(CONTENT);
        }
        var file =
                json(
                        files.post(
                                "/v1/files?name=a&sha256=" + sha256(CONTENT),
                                compressed.toByteArray(),
                                "content-encoding",
                                "gzip"));

        assertThat(file.path("size").asText()).isEqualTo("700000");
        assertThat(file.path("contentType").asText()).isEqualTo("application/octet-stream");
    }

    @Test
    void textIsNotCompressedOnItsWayDown() throws Exception {
        var file =
                json(
                        files.post(
                                "/v1/files",
                                "a".repeat(5000).getBytes(StandardCharsets.UTF_8),
                                "content-type",
                                "text/plain"));

        var down = files.get(download(file), "accept-encoding", "gzip");

        assertThat(down.headers().firstValue("content-encoding")).isEmpty();
        assertThat(header(down, "content-length")).isEqualTo("5000");
    }

    @Test
    void fileOfAFormBecomesAFile() throws Exception {
        var response =
                form(
                        """
                        --b\r
                        Content-Disposition: form-data; name="ttl"\r
                        \r
                        60s\r
                        --b\r
                        Content-Disposition: form-data; name="upload"; filename="../../etc/pass%22wd"\r
                        Content-Type: application/pdf\r
                        \r
                        hello\r
                        --b--\r
                        """);

        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        var file = json(response);
        assertThat(file.path("name").asText()).isEqualTo("pass\"wd");
        assertThat(file.path("contentType").asText()).isEqualTo("application/pdf");
        assertThat(file.path("size").asText()).isEqualTo("5");
        assertThat(file.path("expireTime").asText()).isNotEmpty();
        assertThat(text(files.get(download(file)))).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // no file
                TTL_PART + END,
                // two files
                FILE_PART + FILE_PART + END,
                // a field behind the file
                FILE_PART + TTL_PART + END,
                // no field of that name
                NONSENSE_PART + FILE_PART + END,
                // cut
                FILE_PART,
                "nothing"
            })
    void formThatIsNotOneFileLeavesNothing(String body) throws Exception {
        var before = count("files");

        var response = form(body);

        assertThat(response.statusCode()).as(text(response)).isEqualTo(400);
        assertThat(count("files")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 206, 0, 10, bytes 0-9/700000",
        "bytes=262143-262144, 206, 262143, 262145, bytes 262143-262144/700000",
        "bytes=699999-, 206, 699999, 700000, bytes 699999-699999/700000",
        "bytes=-5, 206, 699995, 700000, bytes 699995-699999/700000",
        "bytes=0-, 206, 0, 700000, bytes 0-699999/700000",
        "'bytes=0-1,4-5', 200, 0, 700000, ''",
        "nonsense, 200, 0, 700000, ''"
    })
    void partOfAFileIsSent(String range, int status, int from, int to, String contentRange)
            throws Exception {
        var file = upload(CONTENT);

        var response = files.get(download(file), "range", range);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-range").orElse(""))
                .isEqualTo(contentRange);
        assertThat(header(response, "content-length")).isEqualTo(Integer.toString(to - from));
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(CONTENT, from, to));
        assertThat(
                        files.download(
                                        DownloadFileRequest.newBuilder()
                                                .setId(file.getId())
                                                .setRange(range)
                                                .build())
                                .bytes())
                .isEqualTo(response.body());
    }

    @Test
    void rangeBehindTheEndIsRefused() throws Exception {
        var file = upload(CONTENT);

        var response = files.get(download(file), "range", "bytes=700000-");

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "content-range")).isEqualTo("bytes */700000");
        assertThat(
                        failure(() ->
                                        files.download(
                                                DownloadFileRequest.newBuilder()
                                                        .setId(file.getId())
                                                        .setRange("bytes=700000-")
                                                        .build()))
                                .code())
                .isEqualTo(Code.OUT_OF_RANGE);
    }

    @Test
    void conditionsAreKept() throws Exception {
        var file = upload(CONTENT);
        var tag = "\"" + file.getSha256() + "\"";

        var known = files.get(download(file), "if-none-match", "\"x\", W/" + tag);
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(header(known, "etag")).isEqualTo(tag);
        assertThat(known.body()).isEmpty();
        assertThat(files.get(download(file), "if-none-match", "\"x\"").statusCode()).isEqualTo(200);
        assertThat(files.get(download(file), "range", "bytes=0-0", "if-range", tag).statusCode())
                .isEqualTo(206);
        assertThat(
                        files.get(download(file), "range", "bytes=0-0", "if-range", "\"x\"")
                                .statusCode())
                .isEqualTo(200);
        assertThat(files.getByHttp2(download(file), "if-none-match", tag).statusCode())
                .isEqualTo(304);
        var byGrpc =
                files.download(
                        DownloadFileRequest.newBuilder()
                                .setId(file.getId())
                                .setIfNoneMatch(tag)
                                .build());
        assertThat(byGrpc.first().getPart().getUnchanged()).isTrue();
        assertThat(byGrpc.messages()).isEqualTo(1);
    }

    @Test
    void headSaysWhatGetWouldWithoutTheBytes() throws Exception {
        var file = upload(CONTENT);

        var head = files.send("HEAD", download(file), new byte[0], "range", "bytes=0-0");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "content-length")).isEqualTo("700000");
        assertThat(header(head, "etag")).isEqualTo("\"" + file.getSha256() + "\"");
        assertThat(head.body()).isEmpty();
        assertThat(files.send("HEAD", "/v1/files/nobody:download", new byte[0]).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    report.pdf               | report.pdf
                    ../../../etc/passwd      | passwd
                    C:\\Users\\ada\\a.txt     | a.txt
                    /absolute                | absolute
                    e\u0301                 | \u00e9
                    '  spaces.txt  '         | spaces.txt
                    ''                       | unnamed
                    'a";x=\u20ac.txt'         | 'a";x=\u20ac.txt'
                    """)
    void nameIsKeptWithoutItsPath(String given, String kept) throws Exception {
        var file = files.upload(UploadFileRequest.newBuilder().setName(given).build(), List.of());

        assertThat(file.getName()).isEqualTo(kept);
        assertThat(files.get(download(file)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nSet-Cookie: x",
                "a\u0001",
                "..",
                "a/..",
                ".",
                "a/",
                "exe.\u202egpj",
                "a\u2028b"
            })
    void nameThatIsNoneIsRefused(String name) {
        assertThat(reason(UploadFileRequest.newBuilder().setName(name).build()))
                .isEqualTo("FILE_NAME_INVALID");
        assertThat(reason(UploadFileRequest.newBuilder().setName("\u20ac".repeat(86)).build()))
                .isEqualTo("FILE_NAME_INVALID");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "text/",
                "*/*",
                "text/html\r\nx: y",
                "a/b; c",
                "a b/c",
                "a/b;c=\"\r\n\""
            })
    void typeThatIsNoneIsRefused(String type) {
        assertThat(
                        reason(
                                UploadFileRequest.newBuilder()
                                        .setContent(HttpBody.newBuilder().setContentType(type))
                                        .build()))
                .isEqualTo("CONTENT_TYPE_INVALID");
    }

    @Test
    void uploadThatIsNotAsAnnouncedLeavesNothing() throws Exception {
        var before = count("files");
        var announced = UploadFileRequest.newBuilder();

        assertThat(reason(announced.setSize(699_999).build(), Transfers.piece(CONTENT)))
                .isEqualTo("SIZE_MISMATCH");
        assertThat(reason(announced.setSize(700_001).build(), Transfers.piece(CONTENT)))
                .isEqualTo("SIZE_MISMATCH");
        assertThat(
                        reason(
                                announced.clearSize().setSha256(sha256(new byte[1])).build(),
                                Transfers.piece(CONTENT)))
                .isEqualTo("CHECKSUM_MISMATCH");
        var wrong = files.post("/v1/files?sha256=" + "0".repeat(64), CONTENT);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(text(wrong)).contains("CHECKSUM_MISMATCH");
        assertThat(files.post("/v1/files?size=5", CONTENT).statusCode()).isEqualTo(400);
        assertThat(reason(announced.setSize(3L << 30).build())).isEqualTo("CONTENT_TOO_LARGE");

        assertThat(count("files")).isEqualTo(before);
        awaitNoOrphans();
    }

    @Test
    void repeatedUploadGetsTheFirstFile() throws Exception {
        var id = "/v1/files?request_id=" + UUID.randomUUID();

        var first = json(files.post(id, CONTENT));
        var again = json(files.post(id, CONTENT));
        var other = files.post(id, Transfers.bytes(5));

        assertThat(again).isEqualTo(first);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(text(other)).contains("REQUEST_ID_REUSED");
        awaitNoOrphans();
    }

    @Test
    void fileIsListedRenamedAndDeleted() throws Exception {
        var name = "list-" + UUID.randomUUID();
        var file =
                files.upload(
                        UploadFileRequest.newBuilder()
                                .setName(name)
                                .setTtl(Durations.fromMinutes(1))
                                .build(),
                        List.of(Transfers.piece(CONTENT)));
        var list = json(files.get("/v1/files?filter=name%3D" + name)).path("files");
        assertThat(list).hasSize(1);
        assertThat(list.get(0).path("id").asText()).isEqualTo(file.getId());
        assertThat(
                        files.grpc()
                                .listFiles(
                                        ListFilesRequest.newBuilder()
                                                .setOrderBy("size desc")
                                                .setFilter("name = \"%s\"".formatted(name))
                                                .build())
                                .getFilesList())
                .containsExactly(file);

        var renamed =
                json(
                        files.send(
                                "PATCH",
                                "/v1/files/" + file.getId(),
                                "{\"name\":\"../b.txt\",\"expireTime\":null,\"etag\":\"1\"}"
                                        .getBytes(StandardCharsets.UTF_8),
                                "content-type",
                                "application/json"));
        assertThat(renamed.path("name").asText()).isEqualTo("b.txt");
        assertThat(renamed.has("expireTime")).isFalse();
        assertThat(renamed.path("etag").asText()).isEqualTo("2");
        var stale =
                UpdateFileRequest.newBuilder()
                        .setFile(File.newBuilder().setId(file.getId()).setName("c").setEtag("1"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("name"))
                        .build();
        assertThat(failure(() -> files.grpc().updateFile(stale)).reason())
                .contains("ETAG_MISMATCH");

        files.grpc().deleteFile(DeleteFileRequest.newBuilder().setId(file.getId()).build());

        assertThat(files.get("/v1/files/" + file.getId()).statusCode()).isEqualTo(404);
        assertThat(files.get(download(file)).statusCode()).isEqualTo(404);
        awaitNoOrphans();
        assertThat(chunks(file.getId())).isZero();
        awaitEvents(file.getId(), "file.created", "file.updated", "file.deleted");
    }

    @Test
    void expiredFileIsGoneAndSwept() throws Exception {
        var file = upload(CONTENT);
        execute(
                "UPDATE files SET expire_time = now() WHERE id = CAST('%s' AS uuid)"
                        .formatted(file.getId()));

        assertThat(
                        failure(() ->
                                        files.grpc()
                                                .getFile(
                                                        GetFileRequest.newBuilder()
                                                                .setId(file.getId())
                                                                .build()))
                                .code())
                .isEqualTo(Code.NOT_FOUND);
        // the deletion of any file wakes the sweep
        files.send("DELETE", "/v1/files/" + upload(new byte[1]).getId(), new byte[0]);

        awaitZero("chunks", () -> chunks(file.getId()));
        awaitEvents(file.getId(), "file.created", "file.deleted");
    }

    private File upload(byte[] bytes) throws InterruptedException {
        return files.upload(Transfers.piece(bytes), List.of());
    }

    private HttpResponse<byte[]> form(String body) throws IOException, InterruptedException {
        return files.post(
                "/v1/files",
                body.getBytes(StandardCharsets.UTF_8),
                "content-type",
                "multipart/form-data; boundary=b");
    }

    private interface Attempt {
        Object run() throws Exception;
    }

    private static RpcException failure(Attempt attempt) {
        try {
            attempt.run();
            throw new AssertionError("it did not fail");
        } catch (RpcException e) {
            return e;
        } catch (io.grpc.StatusException | io.grpc.StatusRuntimeException e) {
            return RpcException.of(
                    java.util.Objects.requireNonNull(
                            io.grpc.protobuf.StatusProto.fromThrowable(e)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String reason(UploadFileRequest first, UploadFileRequest... more) {
        return failure(() -> files.upload(first, List.of(more))).reason().orElse("none");
    }

    private static String download(File file) {
        return "/v1/files/%s:download".formatted(file.getId());
    }

    private static String download(JsonNode file) {
        return "/v1/files/%s:download".formatted(file.path("id").asText());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private static int count(String table) {
        return FileRows.count(gateway(), "SELECT count(*) FROM " + table);
    }

    private static int chunks(String id) {
        return FileRows.count(
                gateway(),
                "SELECT count(*) FROM file_chunks WHERE file_id = CAST('%s' AS uuid)"
                        .formatted(id));
    }

    private static void awaitNoOrphans() {
        awaitZero("orphans", () -> count("file_orphans"));
    }

    private static void awaitZero(String what, java.util.function.IntSupplier count) {
        FileRows.await(what, () -> count.getAsInt() == 0);
    }

    private static void execute(String sql) {
        FileRows.execute(gateway(), sql);
    }

    private static void awaitEvents(String id, String... types) {
        var sql =
                "SELECT type FROM event WHERE topic = 'files' AND key = '%s' ORDER BY seq"
                        .formatted(id);
        FileRows.await(
                "events of " + id, () -> FileRows.texts(gateway(), sql).equals(List.of(types)));
    }
}
