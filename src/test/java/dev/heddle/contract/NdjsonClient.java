package dev.heddle.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// A message a line, `{"@end":{}}` or `{"@error":…}` on the last.
final class NdjsonClient extends HttpFramingClient {
    private static final String ERROR = "{\"@error\":";

    NdjsonClient(URI gateway) {
        super(gateway, "application/x-ndjson");
    }

    @Override
    void readStream(InputStream body, Consumer<String> each) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("{\"@end\":{}}")) {
                return;
            } else if (line.startsWith(ERROR)) {
                throw failure(line.substring(ERROR.length(), line.length() - 1));
            } else if (!line.isEmpty()) {
                each.accept(line);
            }
        }
        throw new CutException("no @end");
    }
}
