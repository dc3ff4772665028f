package dev.heddle.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Server-sent events as the HTML standard has them parsed, `event: end` or `event: error` last.
final class SseClient extends HttpFramingClient {
    SseClient(URI gateway) {
        super(gateway, "text/event-stream");
    }

    @Override
    void readStream(InputStream body, Consumer<String> each) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        var event = "message";
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n")
                        .append(line.substring("data:".length()).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                switch (event) {
                    case "end" -> {
                        return;
                    }
                    case "error" -> throw failure(data.toString());
                    default -> each.accept(data.toString());
                }
                event = "message";
                data.setLength(0);
            }
        }
        throw new CutException("no event end");
    }
}
