package dev.heddle.facade.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.http.BodyMalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Base64InputTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void textThatIsCutAnywhereIsRead() throws IOException {
        var bytes = bytes(300);
        var text = Base64.getEncoder().encode(bytes);
        for (var cut = 0; cut <= text.length; cut++) {
            var in =
                    new SequenceInputStream(
                            new ByteArrayInputStream(text, 0, cut),
                            new ByteArrayInputStream(text, cut, text.length - cut));

            assertThat(new Base64Input(in).readAllBytes()).as("cut at %d", cut).isEqualTo(bytes);
        }
    }

    @Test
    void piecesWithPaddingOfTheirOwnAreRead() throws IOException {
        for (var round = 0; round < 200; round++) {
            var all = new ByteArrayOutputStream();
            var text = new ByteArrayOutputStream();
            for (var i = 0; i < 10; i++) {
                var piece = bytes(random.nextInt(2000));
                all.writeBytes(piece);
                text.writeBytes(Base64.getEncoder().encode(piece));
            }

            assertThat(new Base64Input(trickling(text.toByteArray())).readAllBytes())
                    .as("seed %d", seed)
                    .isEqualTo(all.toByteArray());
        }
    }

    @Test
    void linesAreRead() throws IOException {
        var bytes = bytes(300);

        var in = new ByteArrayInputStream(Base64.getMimeEncoder().encode(bytes));

        assertThat(new Base64Input(in).readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void readOfNothingWaitsForNothing() throws IOException {
        assertThat(new Base64Input(InputStream.nullInputStream()).read(new byte[0])).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A", "AA", "AAA", "AAAAA", "=AAA", "A=AA", "AA=A", "AA-A", "AA\nA", "äAAA"})
    void whatIsNotBase64IsRefused(String text) {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new Base64Input(in).readAllBytes())
                .isInstanceOf(BodyMalformedException.class)
                .hasMessageEndingWith("(expected: base64)");
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Brings as much at a time as it likes.
    private InputStream trickling(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(700)));
            }
        };
    }
}
