package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.fuzz.Fuzz;
import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.carrier.Characters;
import dev.heddle.rpc.Headers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Header fields and forms at random.
@Timeout(3600)
final class HeadersFuzzTest {
    private static final List<String> OFFERS =
            List.of("application/json", "text/event-stream", "text/csv");

    @Test
    void accept() {
        Fuzz.of(
                        "accept",
                        "application/json;q=0.5, text/*;q=1, */*;q=0",
                        "gzip;q=0, identity",
                        "application/json;int64=\"number\"")
                .words("application/json", "*/*", ";", "q=", "0.5", "1", ",", "\"", "\\", "=", " ")
                .refusedBy(List.of(BodyMalformedException.class))
                .run(input -> {
                    var text = input.text(StandardCharsets.ISO_8859_1);
                    var headers =
                            Headers.builder()
                                    .add("accept", text)
                                    .add("accept-encoding", text)
                                    .build();
                    Accept.acceptsGzip(headers);
                    var accept = Accept.of(headers);
                    var best = accept.best(OFFERS);
                    assertThat(OFFERS).containsAll(best.stream().toList());
                    if (best.isEmpty()) {
                        throw new BodyMalformedException("nothing on offer");
                    }
                    accept.parameter(best.get(), "int64");
                });
    }

    /// What a caller names a file can't become another header field.
    @Test
    void contentDisposition() {
        Fuzz.of(
                        "content-disposition",
                        "attachment; filename=\"a\\\"b.txt\"; filename*=UTF-8''%e2%82%ac.txt",
                        "form-data; name=\"file\"; filename=\"a%22b%0D%0A.txt\"")
                .words(
                        "filename",
                        "*",
                        "=",
                        ";",
                        "\"",
                        "UTF-8''",
                        "%0D%0A",
                        "iso-8859-1'x'",
                        "name")
                .refusedBy(List.of(BodyMalformedException.class))
                .run(input -> {
                    var text = input.text(StandardCharsets.ISO_8859_1);
                    ContentDisposition.partParameter(text, "name");
                    ContentDisposition.fileNameOfPart(text);
                    var name = ContentDisposition.fileName(text).orElse(text);
                    var field = ContentDisposition.attachment(name);
                    assertThat(field).matches("[ -~]*").startsWith("attachment");
                    assertThat(Characters.isFieldValue(field)).isTrue();
                    if (ContentDisposition.fileName(text).isEmpty()) {
                        throw new BodyMalformedException("no name");
                    }
                });
    }

    @Test
    void forms() {
        Fuzz.of(
                        "multipart form",
                        """
                        ---x-\r
                        Content-Disposition: form-data; name="title"\r
                        \r
                        one\r
                        ---x-\r
                        Content-Disposition: form-data; name="file"; filename="a.txt"\r
                        Content-Type: text/plain\r
                        \r
                        \r
                        ---x\r
                        ---x---\r
                        """,
                        """
                        ---x-\r
                        Content-Disposition: form-data; name=a\r
                        Content-Transfer-Encoding: 8bit\r
                        \r
                        ---x---\r
                        behind\
                        """)
                .words(
                        "---x-",
                        "--",
                        "\r\n",
                        "\r",
                        "\n",
                        "Content-Disposition:",
                        " form-data;",
                        "name=a",
                        "filename=b",
                        "\r\n---x-\r\n",
                        "\r\n\r\n",
                        ":",
                        "x")
                .refusedBy(List.of(BodyMalformedException.class))
                .run(input -> {
                    var type = new MediaType("multipart", "form-data", Map.of("boundary", "-x-"));
                    var form = MultipartForm.of(new ByteArrayInputStream(input.bytes()), type);
                    for (var part = form.next(); part.isPresent(); part = form.next()) {
                        assertThat(form.content().readAllBytes().length)
                                .isLessThan(input.bytes().length);
                    }
                });
    }

    @Test
    void mediaTypes() {
        Fuzz.of("content-type", "multipart/form-data; boundary=\"-x-\"", "text/plain;charset=utf-8")
                .words("multipart/form-data", ";", "boundary", "=", "\"", "/", " ", "\\")
                .refusedBy(List.of(BodyMalformedException.class))
                .run(input -> {
                    var type = MediaType.parse(input.text(StandardCharsets.ISO_8859_1));
                    MultipartForm.of(
                            new ByteArrayInputStream(new byte[0]), type.orElse(MediaType.NONE));
                });
    }
}
