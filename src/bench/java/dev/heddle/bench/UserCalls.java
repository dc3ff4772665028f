package dev.heddle.bench;

import dev.heddle.users.v1.GetUserRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Reads users by load generators that are written in C, as pgbench is, so that all leave as much
/// of the machine to what they measure.
///
/// @param port the gateway's
/// @param token what the calls bring
/// @param clients how many connections
record UserCalls(int port, String token, int clients) {
    private static final Pattern DONE_BY_WRK = Pattern.compile("(\\d+) requests in ");
    private static final Pattern FAILED_BY_WRK =
            Pattern.compile("Non-2xx or 3xx responses: \\d+|Socket errors: .*");
    private static final Pattern DONE_BY_H2LOAD =
            Pattern.compile("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
    private static final Pattern STATUS_BY_H2LOAD = Pattern.compile("status codes: (\\d+) 2xx,");
    private static final int FRAME_HEAD = 5;

    /// Has wrk call all paths of a file in turn, each put together once.
    private static final String PATHS_IN_TURN =
            """
            local requests, last = {}, 0
            function init(arguments)
              for path in io.lines(arguments[1]) do
                requests[#requests + 1] = wrk.format("GET", path)
              end
            end
            function request()
              last = last % #requests + 1
              return requests[last]
            end
            """;

    /// @throws IOException if the load generators are not installed
    static void checkPrograms() throws IOException {
        if (Programs.folder("wrk").isEmpty() || Programs.folder("h2load").isEmpty()) {
            throw new IOException(
                    "no wrk and h2load in PATH (expected: both, as Debian's wrk and nghttp2-client have them)");
        }
    }

    /// Reads them as JSON over HTTP/1.1 by wrk: h2load makes four system calls more for each
    /// request, which is a tenth of all that a call costs.
    Load.Work json(List<String> ids, Duration time) throws IOException {
        var paths = temporary("users", ".paths");
        Files.write(paths, ids.stream().map(id -> "/v1/users/" + id).toList());
        var script = temporary("users", ".lua");
        Files.writeString(script, PATHS_IN_TURN);
        var command =
                List.of(
                        "wrk",
                        "--threads=1",
                        "--connections=" + clients,
                        "--duration=%ds".formatted(time.toSeconds()),
                        "--header=authorization: Bearer " + token,
                        "--script=" + script,
                        target(""),
                        "--",
                        paths.toString());
        return () -> {
            var printed = run(command);
            var failed = FAILED_BY_WRK.matcher(printed);
            if (failed.find()) {
                throw new IOException("wrk: " + failed.group());
            }
            return Long.parseLong(find(DONE_BY_WRK, printed).group(1));
        };
    }

    /// Reads one of them by gRPC, by nghttp2's h2load, which sends the same body in all calls.
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
        var command =
                List.of(
                        "h2load",
                        "--clients=" + clients,
                        "--duration=" + time.toSeconds(),
                        "--header=authorization: Bearer " + token,
                        "--data=" + body,
                        "--header=content-type: application/grpc",
                        "--header=te: trailers",
                        target("/heddle.users.v1.UserService/GetUser"));
        return () -> {
            var printed = run(command);
            var requests = find(DONE_BY_H2LOAD, printed);
            var done = Long.parseLong(requests.group(1));
            var good = Long.parseLong(find(STATUS_BY_H2LOAD, printed).group(1));
            if (good != done || good == 0) {
                throw new IOException(
                        "h2load: %s; %d of status 2xx (expected: all)"
                                .formatted(requests.group(), good));
            }
            return good;
        };
    }

    private static String run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroy();
        }
    }

    private static MatchResult find(Pattern pattern, String printed) throws IOException {
        return pattern.matcher(printed)
                .results()
                .findFirst()
                .orElseThrow(() -> new IOException("no result: " + printed.strip()));
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
