package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.http.HostRules;
import dev.heddle.rpc.AuditLog;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Takes the streams that carry gRPC as Helidon does, each behind a [HelidonStream].
final class HelidonStreams implements Http2SubProtocolSelector {
    /// What Helidon's handler reads itself. The rest reaches the call as it came, for on the way
    /// through the handler repeated values are lost, and malformed ones break it.
    private static final List<String> FOR_STOCK = List.of("content-type", "grpc-encoding");

    /// gRPC proper, in whatever message format; gRPC-Web has other media types.
    private static final Pattern GRPC = Pattern.compile("application/grpc([+;].*)?");

    private static final String ACCEPT_ENCODING = "grpc-accept-encoding";
    private static final String GZIP = "gzip";

    private final GrpcProtocolSelector stock;
    private final Rpcs rpcs;
    private final MessageSettings settings;
    private final HostRules hosts;
    private final AuditLog audit;

    HelidonStreams(
            GrpcProtocolSelector stock,
            Rpcs rpcs,
            MessageSettings settings,
            HostRules hosts,
            AuditLog audit) {
        this.stock = stock;
        this.rpcs = rpcs;
        this.settings = settings;
        this.hosts = hosts;
        this.audit = audit;
    }

    @Override
    public SubProtocolResult subProtocol(
            ConnectionContext context,
            HttpPrologue prologue,
            Http2Headers http2Headers,
            Http2StreamWriter streamWriter,
            int streamId,
            Http2Settings serverSettings,
            Http2Settings clientSettings,
            StreamFlowControl flowControl,
            Http2StreamState state,
            Router router) {
        var headers = headers(http2Headers);
        if (!Method.POST.equals(prologue.method()) || !isGrpc(headers)) {
            return NOT_SUPPORTED;
        }
        if (!(context instanceof WatchedContext connection)) {
            throw new IllegalStateException("a connection that HelidonConnections did not make");
        }
        var writer = new HelidonWriter(streamWriter, streamId, flowControl.outbound());
        var name = prologue.uriPath().path().substring(1);
        var misdirected = misdirected(http2Headers, headers);
        misdirected.ifPresent(refusal -> audit(context, name, headers, refusal));
        var handler =
                misdirected.isPresent() || rpcs.find(name).isEmpty()
                        ? new RefusedStream(
                                writer,
                                misdirected
                                        .map(HelidonAnswer::status)
                                        .orElseGet(() -> unknown(name)))
                        : stock.subProtocol(
                                        context,
                                        prologue,
                                        forStock(headers),
                                        writer,
                                        streamId,
                                        serverSettings,
                                        clientSettings,
                                        flowControl,
                                        state,
                                        router)
                                .subProtocol();
        var stream = new HelidonStream(streamId, connection, handler, writer, headers, settings);
        if (state == Http2StreamState.CLOSED) {
            // reset before it was begun
            stream.abandon();
        }
        return new SubProtocolResult(true, stream);
    }

    private Optional<RpcException> misdirected(Http2Headers http2Headers, Headers headers) {
        return headers.contains("host")
                ? hosts.refusal(headers)
                : Optional.ofNullable(http2Headers.authority()).flatMap(hosts::refusal);
    }

    private void audit(
            ConnectionContext context, String name, Headers headers, RpcException refusal) {
        var peer = context.remotePeer();
        audit.refused("/" + name, "grpc", peer.host() + ":" + peer.port(), headers, refusal);
    }

    private static boolean isGrpc(Headers headers) {
        return headers.first("content-type").filter(GRPC.asMatchPredicate()).isPresent();
    }

    private static boolean accepts(Headers headers, String encoding) {
        return headers.all(ACCEPT_ENCODING).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(name -> name.strip().equals(encoding));
    }

    private static Status unknown(String name) {
        return Status.UNIMPLEMENTED.withDescription("there is no method " + name);
    }

    private static Headers headers(Http2Headers http2Headers) {
        var headers = Headers.builder();
        http2Headers
                .httpHeaders()
                .forEach(header ->
                        header.allValues().forEach(value -> headers.add(header.name(), value)));
        return headers.build();
    }

    private Http2Headers forStock(Headers headers) {
        var chosen = WritableHeaders.create();
        FOR_STOCK.forEach(name ->
                headers.first(name)
                        .ifPresent(value -> chosen.set(HeaderNames.create(name), value)));
        if (settings.compresses() && accepts(headers, GZIP)) {
            chosen.set(HeaderNames.create(ACCEPT_ENCODING), GZIP);
        }
        return Http2Headers.create(chosen);
    }
}
