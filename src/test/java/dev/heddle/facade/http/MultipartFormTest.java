package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.http.BodyMalformedException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MultipartFormTest {
    private static final String BOUNDARY = "-x-";
    private static final String FILE =
            "---x-\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    private static final String END = "\r\n---x---\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 64, 4096, 1 << 20})
    void partsAreTheSameHoweverTheyArrive(int piece) throws IOException {
        var form =
                form(
                        """
                        what precedes is passed over\r
                        ---x-  \r
                        Content-Disposition: form-data; name="title"\r
                        \r
                        caf\u00e9\r
                        ---x-\r
                        CONTENT-DISPOSITION: form-data; name="file"; filename="a%22b.txt"\r
                        Content-Type: text/plain; charset=utf-8\r
                        \r
                        \r
                        ---x\r
                        --\r
                        ---x---\r
                        and so is what follows\
                        """,
                        piece);

        var title = form.next().orElseThrow();
        assertThat(title)
                .isEqualTo(
                        new MultipartForm.Part(
                                "title", java.util.Optional.empty(), java.util.Optional.empty()));
        assertThat(text(form)).isEqualTo("caf\u00e9");
        var file = form.next().orElseThrow();
        assertThat(file.fileName()).contains("a\"b.txt");
        assertThat(file.type()).contains("text/plain; charset=utf-8");
        assertThat(text(form)).isEqualTo("\r\n---x\r\n--");
        assertThat(form.next()).isEmpty();
        assertThat(form.next()).isEmpty();
    }

    @Test
    void bytesThatLookLikeTheBoundaryComeThrough() throws IOException {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++) {
            var content = lookalike(random);
            var body = (FILE + content + END).getBytes(StandardCharsets.ISO_8859_1);
            var form = MultipartForm.of(new Pieces(body, 1 + random.nextInt(9)), type(BOUNDARY));
            form.next();
            assertThat(new String(form.content().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(content);
            assertThat(form.next()).isEmpty();
        }
    }

    private static String lookalike(Random random) {
        var text = new StringBuilder();
        for (var i = random.nextInt(60); i > 0; i--) {
            text.append("\r\n--x".charAt(random.nextInt(5)));
        }
        return text.toString().replace("\r\n---x-", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "---x-",
                "---x-\r\n",
                FILE,
                FILE + "abc",
                FILE + "abc\r\n---x-",
                FILE + "abc\r\n---x--",
                "---x- more\r\n\r\n",
                "---x-\r\nno colon\r\n\r\nabc" + END,
                "---x-\r\n\r\nabc" + END,
                "---x-\r\ncontent-disposition: attachment; name=\"a\"\r\n\r\nabc" + END,
                "---x-\r\ncontent-disposition: form-data; filename=\"a\"\r\n\r\nabc" + END,
                "---x-\r\ncontent-disposition: form-data; name=\"a\"\r\n"
                        + "content-transfer-encoding: base64\r\n\r\nabc"
                        + END
            })
    void formThatIsBrokenIsRefused(String body) {
        assertThatThrownBy(
                        () -> {
                            var form = form(body, 3);
                            while (form.next().isPresent()) {
                                form.content().readAllBytes();
                            }
                        })
                .isInstanceOf(BodyMalformedException.class);
    }

    @Test
    void hugeHeaderIsRefused() {
        assertThatThrownBy(() -> form("---x-\r\nx: " + "y".repeat(9000) + "\r\n", 100).next())
                .hasMessageContaining("8192");
        assertThatThrownBy(() -> form("x".repeat(100_000), 100).next())
                .hasMessageContaining("before a part");
    }

    @Test
    void manyPartsAreRefused() {
        var part = "---x-\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n";
        assertThatThrownBy(
                        () -> {
                            var form = form(part.repeat(101) + END, 1000);
                            while (form.next().isPresent()) {
                                form.content().readAllBytes();
                            }
                        })
                .hasMessage("more than 100 parts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\rb", "ends with space ", "\u00e9"})
    void boundaryThatIsNoneIsRefused(String boundary) {
        assertThatThrownBy(() -> MultipartForm.of(InputStream.nullInputStream(), type(boundary)))
                .isInstanceOf(BodyMalformedException.class);
    }

    private static MultipartForm form(String body, int piece) throws IOException {
        return MultipartForm.of(
                new Pieces(body.getBytes(StandardCharsets.UTF_8), piece), type(BOUNDARY));
    }

    private static MediaType type(String boundary) {
        return new MediaType("multipart", "form-data", java.util.Map.of("boundary", boundary));
    }

    private static String text(MultipartForm form) throws IOException {
        return new String(form.content().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Yields a few bytes at a time.
    private static final class Pieces extends FilterInputStream {
        private final int size;

        Pieces(byte[] bytes, int size) {
            super(new ByteArrayInputStream(bytes));
            this.size = size;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, size));
        }
    }
}
