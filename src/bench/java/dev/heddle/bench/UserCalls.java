package dev.heddle.bench;

import dev.heddle.users.v1.GetUserRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Reads users by nghttp2's load generator: written in C, as pgbench is, so that both leave as much
/// of the machine to what they measure.
///
/// @param port the gateway's
/// @param token what the calls bring
/// @param clients how many connections
record UserCalls(int port, String token, int clients) {
    private static final Pattern REQUESTS =
            Pattern.compile("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
    private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx,");
    private static final int FRAME_HEAD = 5;

    /// Reads them as JSON over HTTP/1.1, each client all of them in turn.
    Load.Work json(List<String> ids, Duration time) throws IOException {
        var targets = temporary("users", ".targets");
        Files.write(targets, ids.stream().map(id -> target("/v1/users/" + id)).toList());
        return () -> run(time, List.of("--h1", "--input-file=" + targets));
    }

    /// Reads one of them by gRPC: h2load sends the same body in all calls.
    Load.Work grpc(String id, Duration time) throws IOException {
        var message = GetUserRequest.newBuilder().setId(id).build().toByteArray();
        var body = temporary("user", ".request");
        Files.write(
                body,
                ByteBuffer.allocate(FRAME_HEAD + message.length)
                        .put((byte) 0)
                        .putInt(message.length)
                        .put(message)
                        .array());
        return () ->
                run(
                        time,
                        List.of(
                                "--data=" + body,
                                "--header=content-type: application/grpc",
                                "--header=te: trailers",
                                target("/heddle.users.v1.UserService/GetUser")));
    }

    private long run(Duration time, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.addAll(
                List.of(
                        "h2load",
                        "--clients=" + clients,
                        "--duration=" + time.toSeconds(),
                        "--header=authorization: Bearer " + token));
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed;
        try (var out = process.getInputStream()) {
            printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroy();
        }
        var requests = find(REQUESTS, printed);
        var done = Long.parseLong(requests.group(1));
        var good = Long.parseLong(find(STATUS, printed).group(1));
        if (good != done || good == 0) {
            throw new IOException(
                    "%s; %d of status 2xx (expected: all)".formatted(requests.group(), good));
        }
        return good;
    }

    private static MatchResult find(Pattern pattern, String printed) throws IOException {
        return pattern.matcher(printed)
                .results()
                .findFirst()
                .orElseThrow(() -> new IOException("h2load: " + printed.strip()));
    }

    private String target(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static Path temporary(String name, String suffix) throws IOException {
        var file = Files.createTempFile(name, suffix);
        file.toFile().deleteOnExit();
        return file;
    }
}
