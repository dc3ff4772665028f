package dev.heddle.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Reads users as JSON on one persistent HTTP/1.1 connection. It does no more than it must, so that
/// what is measured is the gateway.
final class HttpUsers implements Closeable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final String token;
    private final byte[] buffer = new byte[16 * 1024];

    HttpUsers(int port, String token) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.socket.setTcpNoDelay(true);
        this.token = token;
    }

    /// Reads one user.
    ///
    /// @return 1
    long read(String id) throws IOException {
        var request =
                """
                GET /v1/users/%s HTTP/1.1
                host: localhost
                user-agent: bench/1.0
                accept: application/json
                authorization: Bearer %s

                """
                        .formatted(id, token)
                        .replace("\n", "\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        readResponse();
        return 1;
    }

    private void readResponse() throws IOException {
        var filled = 0;
        var end = Integer.MAX_VALUE;
        while (filled < end) {
            var count = socket.getInputStream().read(buffer, filled, buffer.length - filled);
            if (count <= 0) {
                throw new IOException("the response ends after %d bytes".formatted(filled));
            }
            filled += count;
            if (end == Integer.MAX_VALUE) {
                end = end(new String(buffer, 0, filled, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /// Where the response ends; far away while its head is not complete.
    private static int end(String received) throws IOException {
        var head = received.indexOf(END_OF_HEAD);
        if (head < 0) {
            return Integer.MAX_VALUE;
        }
        var length = LENGTH.matcher(received);
        if (!received.startsWith("HTTP/1.1 200 ") || !length.find()) {
            throw new IOException("not a user: " + received);
        }
        return head + END_OF_HEAD.length() + Integer.parseInt(length.group(1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
