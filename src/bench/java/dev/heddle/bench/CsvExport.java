package dev.heddle.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/// Exports all users through the gateway.
final class CsvExport {
    private static final int NOT_ROWS = 1;

    private final URI target;
    private final String token;

    CsvExport(int port, String token) {
        this.target = URI.create("http://127.0.0.1:%d/v1/users:export".formatted(port));
        this.token = token;
    }

    /// Counts the lines that it gets.
    static final class LineCount extends OutputStream {
        private long lines;

        @Override
        public void write(int octet) {
            if (octet == '\n') {
                lines++;
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (var i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    lines++;
                }
            }
        }

        long lines() {
            return lines;
        }
    }

    /// Exports them once.
    ///
    /// @return how many users came
    long run() throws IOException {
        var connection = (HttpURLConnection) target.toURL().openConnection();
        connection.setRequestProperty("accept", "text/csv");
        connection.setRequestProperty("authorization", "Bearer " + token);
        var count = new LineCount();
        try (var body = connection.getInputStream()) {
            var buffer = new byte[64 * 1024];
            for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                count.write(buffer, 0, read);
            }
        }
        return count.lines() - NOT_ROWS;
    }
}
