package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/// Takes HTTP/2 connections as Helidon does, and keeps an eye on them: see [HelidonConnection].
final class HelidonConnections implements ServerConnectionSelector {
    private final Http2ConnectionSelector stock;

    HelidonConnections(Http2ConnectionSelector stock) {
        this.stock = stock;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return stock.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return stock.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return stock.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var watched = new WatchedContext(context);
        return new HelidonConnection(stock.connection(watched), watched);
    }
}
