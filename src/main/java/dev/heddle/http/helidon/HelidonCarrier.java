package dev.heddle.http.helidon;

import dev.heddle.http.ExchangeHandler;
import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionProvider;
import io.helidon.webserver.spi.ProtocolConfig;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelectorProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/// Has one handler answer every HTTP request that comes to a Helidon web server, be it HTTP/1.1 or
/// HTTP/2, of any method and to any path.
public final class HelidonCarrier {
    /// Helidon's default of 1 MiB loses window updates under load.
    private static final int HTTP2_WINDOW = 65_535;

    private final Settings settings;
    private final AnsweringHandler handler;
    private final Watchdog watchdog = new Watchdog();
    private volatile boolean draining;

    public HelidonCarrier(Settings settings, ExchangeHandler handler) {
        this.settings = settings;
        this.handler = new AnsweringHandler(handler);
    }

    /// Sets up a server: address, bounds and protocols.
    ///
    /// @param http2Protocols the protocols that Helidon is to serve on HTTP/2 instead of the
    ///   handler, such as its gRPC
    public void attach(WebServerConfig.Builder server, List<ProtocolConfig> http2Protocols) {
        server.host(settings.host())
                .port(settings.port())
                .maxTcpConnections(settings.maxConnections())
                .idleConnectionTimeout(settings.idleTimeout())
                .connectionOptions(options -> options.tcpNoDelay(true))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new Selector(http2Selector(http2Protocols)))
                .directHandlers(HelidonErrors.handlers())
                .addRouting(
                        HttpRouting.builder()
                                .addFilter((_, request, response) ->
                                        Http2Exchange.serve(request, response, settings, handler)));
    }

    /// From now on connections close as soon as they serve no request.
    public void beginDrain() {
        draining = true;
        watchdog.drain();
    }

    private ServerConnectionSelector http2Selector(List<ProtocolConfig> protocols) {
        var config =
                Http2Config.builder()
                        .initialWindowSize(HTTP2_WINDOW)
                        .maxHeaderListSize(settings.maxHeaderSize())
                        .flowControlTimeout(settings.writeTimeout())
                        .validatePath(false)
                        .build();
        return ServiceLoader.load(ServerConnectionSelectorProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(Http2ConnectionProvider.class::isInstance)
                .map(Http2ConnectionProvider.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Helidon's HTTP/2 is not there"))
                .create("@default", config, ProtocolConfigs.create(protocols));
    }

    /// The one selector of the server, so that Helidon asks no other and reads nothing itself.
    private final class Selector implements ServerConnectionSelector {
        private final ServerConnectionSelector http2;

        Selector(ServerConnectionSelector http2) {
            this.http2 = http2;
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
            return new PortConnection(context, settings, handler, http2, watchdog, () -> draining);
        }
    }
}
