package dev.heddle.webhooks;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.source.RawAddresses;
import io.grpc.Status.Code;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.ConnectionKey;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.TcpClientConnection;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.spi.DnsResolver;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends a request on a connection of its own, to an address and no other. A cancellation of the
/// current [Task] closes the connection. Redirections are not followed, and of the answer nothing
/// is read but its head, which the client bounds.
final class Post {
    private final Settings settings;
    private final Tls tls;
    private final WebClient client;

    /// The head of an answer.
    ///
    /// @param retryAfter empty where there is none
    record Answer(int status, String retryAfter) {}

    /// Resolves everything to one address.
    private record Pinned(InetAddress address) implements DnsResolver {
        @Override
        public InetAddress resolveAddress(String name, DnsAddressLookup lookup) {
            return address;
        }
    }

    /// @param tls whom to trust
    Post(Settings settings, Tls tls) {
        this.settings = settings;
        this.tls = tls;
        this.client =
                WebClient.builder()
                        .servicesDiscoverServices(false)
                        .followRedirects(false)
                        .connectTimeout(settings.connectTimeout())
                        .readTimeout(settings.timeout())
                        .socketOptions(
                                SocketOptions.builder()
                                        .tcpNoDelay(true)
                                        .connectTimeout(settings.connectTimeout())
                                        .readTimeout(settings.timeout())
                                        .build())
                        .build();
    }

    /// Sends a request.
    ///
    /// @param address the target's
    /// @throws RpcException UNAVAILABLE, reason [Target#UNREACHABLE]; the cancellation of the
    ///   current task
    Answer send(Target target, InetAddress address, Map<String, String> headers, byte[] body) {
        var part = Task.part(settings.timeout());
        try {
            return part.run(() -> exchange(target, address, headers, body));
        } catch (RuntimeException e) {
            // the client has no common type for what goes wrong on the wire
            Task.current().ifPresent(Task::check);
            throw new RpcException(
                            Code.UNAVAILABLE,
                            part.isCancelled()
                                    ? "no answer from %s within %d ms"
                                            .formatted(target.host(), settings.timeout().toMillis())
                                    : "%s can't be reached".formatted(target.host()))
                    .withReason(Target.UNREACHABLE)
                    .withCause(e);
        }
    }

    private Answer exchange(
            Target target, InetAddress address, Map<String, String> headers, byte[] body) {
        var connection =
                TcpClientConnection.create(
                        client, key(target, address), List.of(), _ -> false, _ -> {});
        connection.connect();
        var isOpen = new AtomicBoolean(true);
        Runnable cut =
                () -> {
                    if (isOpen.getAndSet(false)) {
                        connection.closeResource();
                    }
                };
        try (var _ = Task.current().orElseThrow().onCancel(cut);
                var response = request(target, connection, headers, body)) {
            return new Answer(
                    response.status().code(),
                    response.headers().first(HeaderNames.RETRY_AFTER).orElse(""));
        } finally {
            cut.run();
        }
    }

    private HttpClientResponse request(
            Target target,
            TcpClientConnection connection,
            Map<String, String> headers,
            byte[] body) {
        var request =
                // the general client would look up and connect by itself, to learn the protocol
                client.client(Http1Client.PROTOCOL)
                        .post()
                        .uri(RawAddresses.asItIs(target.uri()))
                        .skipUriEncoding(true)
                        .connection(connection)
                        .keepAlive(false)
                        .header(HeaderNames.CONTENT_TYPE, "application/json")
                        .header(HeaderNames.USER_AGENT, "Heddle");
        headers.forEach((name, value) -> request.header(HeaderNames.create(name), value));
        return request.submit(body);
    }

    private ConnectionKey key(Target target, InetAddress address) {
        return ConnectionKey.create(
                target.isSecure() ? "https" : "http",
                target.host(),
                target.port(),
                target.isSecure() ? tls : Tls.builder().enabled(false).build(),
                new Pinned(address),
                client.prototype().dnsAddressLookup(),
                Proxy.noProxy());
    }
}
