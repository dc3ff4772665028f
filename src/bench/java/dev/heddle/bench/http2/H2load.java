package dev.heddle.bench.http2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// nghttp2's load generator. It makes a number of calls rather than calls for some time, so that
/// none is cut and the bytes of all responses can be held against what they should be.
final class H2load {
    private static final Pattern TIME = Pattern.compile("finished in ([\\d.]+)(us|ms|s),");
    private static final Pattern REQUESTS =
            Pattern.compile(
                    "(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx,");
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");

    private final Path folder;

    /// @param folder for the bodies of requests and what h2load prints
    H2load(Path folder) {
        this.folder = folder;
    }

    /// Makes calls.
    ///
    /// @param bound how long that may take
    /// @return the seconds that it took
    /// @throws FailedException if one of them was not answered completely
    double run(int port, Workload workload, Shape shape, long calls, Duration bound)
            throws IOException, InterruptedException, FailedException {
        var output = folder.resolve("h2load.log");
        var command =
                List.of(
                        "h2load",
                        "--clients=" + shape.connections(),
                        "--max-concurrent-streams=" + shape.streams(),
                        "--requests=" + calls,
                        "--data=" + body(workload),
                        "--header=content-type: application/grpc",
                        "--header=te: trailers",
                        "http://127.0.0.1:" + port + workload.path());
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(bound)) {
                throw new FailedException(
                        "%,d calls have not ended after %d s".formatted(calls, bound.toSeconds()));
            }
        } finally {
            process.destroyForcibly();
        }
        return seconds(Files.readString(output), workload, calls);
    }

    private static double seconds(String output, Workload workload, long calls)
            throws FailedException {
        var requests = find(REQUESTS, output);
        var succeeded = Long.parseLong(requests.group(2));
        var status = Long.parseLong(find(STATUS, output).group(1));
        if (succeeded != calls || status != calls) {
            throw new FailedException(
                    "%s; %d of status 2xx (expected: %d)"
                            .formatted(requests.group(), status, calls));
        }
        var bytes = Long.parseLong(find(DATA, output).group(1));
        if (bytes != calls * workload.responseLength()) {
            throw new FailedException(
                    "%d bytes in %d responses (expected: %d in each)"
                            .formatted(bytes, calls, workload.responseLength()));
        }
        var time = find(TIME, output);
        var unit =
                switch (time.group(2)) {
                    case "us" -> 1e6;
                    case "ms" -> 1e3;
                    default -> 1;
                };
        return Double.parseDouble(time.group(1)) / unit;
    }

    private static MatchResult find(Pattern pattern, String output) throws FailedException {
        return pattern.matcher(output)
                .results()
                .findFirst()
                .orElseThrow(() -> new FailedException("h2load: " + output.strip()));
    }

    private Path body(Workload workload) throws IOException {
        var file = folder.resolve(workload + ".request");
        if (!Files.exists(file)) {
            Files.write(file, workload.requestBody());
        }
        return file;
    }
}
