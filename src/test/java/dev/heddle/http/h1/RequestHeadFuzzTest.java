package dev.heddle.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.fuzz.Fuzz;
import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.carrier.Characters;
import dev.heddle.http.carrier.Settings;
import io.helidon.common.socket.HelidonSocket;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Request heads and chunked bodies at random, as bytes that a peer has sent before it went.
@Timeout(3600)
final class RequestHeadFuzzTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Settings SETTINGS =
            new Settings("127.0.0.1", 0, 10, 8192, 16_384, 1 << 20, LONG, LONG, LONG, LONG);

    private static final HelidonSocket ENDED =
            (HelidonSocket)
                    Proxy.newProxyInstance(
                            HelidonSocket.class.getClassLoader(),
                            new Class<?>[] {HelidonSocket.class},
                            (_, method, _) -> {
                                if (method.getName().equals("read")) {
                                    return -1;
                                }
                                if (method.getName().equals("write")) {
                                    return null;
                                }
                                throw new AssertionError(method);
                            });

    @Test
    void requests() {
        Fuzz.of(
                        "HTTP/1.1 request",
                        "GET /v1/users?page_size=1 HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: x:80\r\nContent-Length: 5\r\n\r\nhello",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET http://x/path HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                .words(
                        "GET ",
                        "POST ",
                        "/",
                        " HTTP/1.1",
                        " HTTP/1.0",
                        "\r\n",
                        "\n",
                        "\r",
                        " ",
                        "\t",
                        "Host: x\r\n",
                        "Content-Length: 5\r\n",
                        "Content-Length: 6\r\n",
                        "Transfer-Encoding: chunked\r\n",
                        "Transfer-Encoding: identity\r\n",
                        ":",
                        ",",
                        "\r\n ",
                        "5\r\nhello\r\n",
                        "0\r\n\r\n",
                        "ffffffff\r\n",
                        ";")
                .refusedBy(
                        List.of(
                                RefusedException.class,
                                EOFException.class,
                                BodyMalformedException.class,
                                BodyTooLargeException.class))
                .run(input -> serve(input.bytes()));
    }

    private static void serve(byte[] bytes) throws IOException, RefusedException {
        var bound = Math.max(SETTINGS.maxPrologueSize(), SETTINGS.maxHeaderSize()) + 2;
        var input = new ConnectionInput(ENDED, bytes, bound, () -> {});
        var head = new RequestHeadParser(new LineReader(input, input::more), SETTINGS).next();

        assertThat(Characters.isToken(head.method())).isTrue();
        assertThat(head.rawPath()).matches("/[!-~]*|\\*");
        assertThat(head.headers().all("host")).hasSize(1);
        head.headers()
                .forEach((name, value) -> {
                    assertThat(Characters.isToken(name)).isTrue();
                    assertThat(Characters.isFieldValue(value)).isTrue();
                });
        UpgradeRequest.of(head).ifPresent(UpgradeRequest::granted);
        var output = new ConnectionOutput(ENDED, () -> {});
        var body = new RequestBody(head, input, output, SETTINGS);
        var content = body.readAllBytes();
        if (head.length() != RequestHead.CHUNKED) {
            assertThat(content).hasSize((int) head.length());
        }
    }
}
