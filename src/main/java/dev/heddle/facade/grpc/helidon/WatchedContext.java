package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/// What a connection's streams share: the socket, guarded against interrupts, and who they are.
final class WatchedContext implements ConnectionContext {
    private final ConnectionContext stock;
    private final DataReader reader;
    private final GuardedWriter writer;
    private final Set<HelidonStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    WatchedContext(ConnectionContext stock) {
        this.stock = stock;
        this.reader = new DataReader(new RequestFrames(stock.dataReader()));
        this.writer = new GuardedWriter(stock.dataWriter());
    }

    void add(HelidonStream stream) {
        streams.add(stream);
        if (ended) {
            stream.abandon();
        }
    }

    void remove(HelidonStream stream) {
        streams.remove(stream);
    }

    /// Tells the streams that the peer has gone.
    void end() {
        ended = true;
        streams.forEach(HelidonStream::abandon);
    }

    void interrupt(Thread sender) {
        writer.interrupt(sender);
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public ListenerContext listenerContext() {
        return stock.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return stock.executor();
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return stock.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return stock.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return stock.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return stock.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return stock.localPeer();
    }

    @Override
    public boolean isSecure() {
        return stock.isSecure();
    }

    @Override
    public String socketId() {
        return stock.socketId();
    }

    @Override
    public String childSocketId() {
        return stock.childSocketId();
    }
}
