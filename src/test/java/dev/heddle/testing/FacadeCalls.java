package dev.heddle.testing;

import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.Cors;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.LimitSettings;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/// What tests of a facade by itself need: a pipeline that lets everybody in, and messages.
public final class FacadeCalls {
    public static final String SERVICE = "/heddle.diagnostics.v1.DiagnosticsService/";
    public static final String UNARY = SERVICE + "Echo";
    public static final String SERVER_STREAM = SERVICE + "EchoStream";
    public static final String CLIENT_STREAM = SERVICE + "EchoCollect";

    public static final String ORIGIN = "https://app.example.com";
    public static final Cors.Settings CORS =
            new Cors.Settings(Set.of(ORIGIN), true, Duration.ofMinutes(10));

    public static final Json JSON = Json.of(Rpcs.builder().add(new TestMethods()).build());

    private FacadeCalls() {}

    public static Pipeline pipeline() {
        return pipeline(100);
    }

    /// A pipeline that lets everybody in.
    ///
    /// @param maxConcurrency how many calls may run at once
    public static Pipeline pipeline(int maxConcurrency) {
        return pipeline(LimitSettings.atMost(maxConcurrency));
    }

    /// The same within other limits. A bearer token is the subject of its caller.
    public static Pipeline pipeline(LimitSettings limits) {
        return new Pipeline(
                credentials ->
                        credentials.headers().contains("x-anonymous")
                                ? Caller.ANONYMOUS
                                : new Caller(
                                        credentials.headers().first("authorization").orElse("test"),
                                        Set.of("*")),
                new Pipeline.Settings(Duration.ofSeconds(30), limits),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop());
    }

    /// Header fields.
    ///
    /// @param fields names, each with its value behind it
    public static Headers headers(String... fields) {
        var headers = Headers.builder();
        for (var i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return headers.build();
    }

    public static byte[] envelope(int flags, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) flags)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /// What is behind the prefix of an envelope that is all there is.
    public static byte[] content(byte[] envelope) {
        return Arrays.copyOfRange(envelope, 5, envelope.length);
    }

    public static EchoRequest request(String message) {
        return EchoRequest.newBuilder().setMessage(message).build();
    }

    public static EchoResponse response(String message) {
        return EchoResponse.newBuilder().setMessage(message).build();
    }
}
