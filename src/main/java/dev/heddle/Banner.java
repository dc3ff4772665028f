package dev.heddle;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What a gateway says of itself when it is ready: what runs, where, and what to try first.
final class Banner {
    private Banner() {}

    static void print(Gateway gateway, Configuration configuration, PrintWriter out) {
        var host = configuration.string("server.host");
        var tls = new Sections(configuration).tls().isEnabled();
        var url =
                "%s://%s:%d"
                        .formatted(
                                tls ? "https" : "http",
                                host.equals("0.0.0.0") ? "127.0.0.1" : host,
                                gateway.port());
        var token = gateway.token().orElse("one of the issuer's");
        out.printf(
                """

                Heddle %s, ready in %.1f s

                  JSON, SSE, CSV   %s
                  gRPC             %s:%d, %s TLS, with reflection
                  Connect          %3$s/<package.Service>/<Method>; gRPC-Web too
                  WebSocket        %9$s/ws/<package.Service>/<Method>
                  contract         %3$s/openapi.json, %3$s/descriptors.binpb
                  database         %s
                  health, metrics  %3$s/health/ready, %3$s/metrics
                  token            %s

                Try it, with the token as TOKEN:
                  curl -s %3$s/v1/users -H "authorization: Bearer $TOKEN" \\
                    -H 'content-type: application/json' -d '{"email":"ada@example.com","name":"Ada"}'

                Ctrl-C stops it.
                """,
                HeddleCommand.Version.text(),
                sinceStart().toMillis() / 1000.0,
                url,
                host,
                gateway.port(),
                tls ? "over" : "without",
                gateway.databaseDescription(),
                token,
                url.replaceFirst("^http", "ws"));
        out.flush();
    }

    private static Duration sinceStart() {
        return Duration.ofMillis(
                System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    }
}
