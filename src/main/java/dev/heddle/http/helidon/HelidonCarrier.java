package dev.heddle.http.helidon;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.carrier.AnsweringHandler;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsServer;
import dev.heddle.http.tls.TlsSettings;
import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.StandardSocketOptions;
import java.util.Optional;
import java.util.Set;

/// Has one handler answer every HTTP request that comes to a Helidon web server, be it HTTP/1.1 or
/// HTTP/2, of any method and to any path.
public final class HelidonCarrier {
    /// Helidon's default of 1 MiB loses window updates under load.
    private static final int HTTP2_WINDOW = 65_535;

    /// Of Helidon's default of 4 KiB the system drops segments when a peer sends many small ones,
    /// and they come again after 200 ms. The system caps it at its own bound.
    private static final int RECEIVE_BUFFER = 1024 * 1024;

    private final Settings settings;
    private final Http2Settings http2;
    private final Optional<TlsServer> tls;
    private final AnsweringHandler handler;
    private final Connections connections;
    private final Watchdog watchdog = new Watchdog();
    private volatile boolean draining;

    /// @throws IllegalArgumentException if the files of TLS can't be used
    public HelidonCarrier(
            Settings settings, Http2Settings http2, TlsSettings tls, ExchangeHandler handler) {
        this.settings = settings;
        this.http2 = http2;
        this.tls = tls.isEnabled() ? Optional.of(TlsServer.of(tls)) : Optional.empty();
        this.handler = new AnsweringHandler(handler);
        this.connections = new Connections(settings.maxConnectionsPerPeer());
    }

    /// Sets up a server: address, bounds and protocols.
    public void attach(WebServerConfig.Builder server) {
        attach(server, new Http2Engine.Own(http2));
    }

    /// Sets up a server whose HTTP/2 is Helidon's.
    ///
    /// @param stock serves the connections that speak HTTP/2; made with [#stockConfig]
    public void attach(WebServerConfig.Builder server, ServerConnectionSelector stock) {
        attach(server, new Http2Engine.Stock(stock));
    }

    private void attach(WebServerConfig.Builder server, Http2Engine engine) {
        server.host(settings.host())
                .port(settings.port())
                .maxTcpConnections(settings.maxConnections())
                .idleConnectionTimeout(settings.idleTimeout())
                .putListenerSocketOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .protocolsDiscoverServices(false)
                // Helidon takes keys under server.tls for its own where it reads our configuration.
                .tls(own -> own.enabled(false))
                .addConnectionSelector(new Selector(engine))
                .directHandlers(HelidonErrors.handlers())
                .routing(routing ->
                        routing.any((request, response) ->
                                Http2Exchange.serve(request, response, settings, handler)));
    }

    /// Helidon's HTTP/2 within the bounds of the server.
    public Http2Config.Builder stockConfig() {
        return Http2Config.builder()
                .initialWindowSize(HTTP2_WINDOW)
                .maxHeaderListSize(settings.maxHeaderSize())
                .flowControlTimeout(settings.writeTimeout())
                .validatePath(false);
    }

    /// How many connections are open.
    public int openConnections() {
        return connections.open();
    }

    /// From now on connections close as soon as they serve no request.
    public void beginDrain() {
        draining = true;
        watchdog.drain();
    }

    /// Who serves HTTP/2.
    sealed interface Http2Engine {
        /// The engine of [dev.heddle.http.h2].
        record Own(Http2Settings settings) implements Http2Engine {}

        /// Helidon's.
        record Stock(ServerConnectionSelector selector) implements Http2Engine {}
    }

    /// The one selector of the server, so that Helidon asks no other and reads nothing itself.
    private final class Selector implements ServerConnectionSelector {
        private final Http2Engine engine;

        Selector(Http2Engine engine) {
            this.engine = engine;
        }

        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of("h2", "http/1.1");
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            var connection =
                    tls.map(server -> secure(context, server)).orElseGet(() -> plain(context));
            return new CountedConnection(context, connections, connection);
        }

        private ServerConnection secure(ConnectionContext context, TlsServer server) {
            return new TlsConnection(
                    context, server, settings.headerTimeout(), watchdog, this::plain);
        }

        private ServerConnection plain(ConnectionContext context) {
            return new PortConnection(context, settings, handler, engine, watchdog, () -> draining);
        }
    }
}
