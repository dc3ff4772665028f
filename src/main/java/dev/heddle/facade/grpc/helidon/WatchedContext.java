package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/// What a connection's streams share: the socket, guarded against interrupts, and who they are.
final class WatchedContext implements ConnectionContext, RequestFrames.Events {
    /// The stream that stands for the connection.
    private static final int CONNECTION = 0;

    private final ConnectionContext stock;
    private final RequestFrames frames;
    private final DataReader reader;
    private final GuardedWriter writer;
    private final Map<Integer, HelidonStream> streams = new ConcurrentHashMap<>();
    private volatile boolean ended;

    WatchedContext(ConnectionContext stock) {
        this.stock = stock;
        this.frames = new RequestFrames(stock.dataReader(), this);
        this.reader = new DataReader(frames);
        this.writer = new GuardedWriter(stock.dataWriter());
    }

    void add(HelidonStream stream) {
        streams.put(stream.id(), stream);
        if (ended || frames.hasReset(stream.id())) {
            stream.abandon();
        }
    }

    void remove(HelidonStream stream) {
        streams.remove(stream.id());
    }

    /// Tells the streams that the peer has gone.
    void end() {
        ended = true;
        streams.values().forEach(HelidonStream::abandon);
    }

    /// Tells a stream itself, for Helidon forgets to while it is being set up.
    @Override
    public void onReset(int id) {
        Optional.ofNullable(streams.get(id)).ifPresent(HelidonStream::abandon);
    }

    void interrupt(Thread sender) {
        writer.interrupt(sender);
    }

    /// Gives the peer back the room that data took which nobody reads.
    @Override
    public void onDropped(int length) {
        if (length > 0) {
            var frame =
                    new Http2WindowUpdate(length)
                            .toFrameData(
                                    Http2Settings.create(), CONNECTION, Http2Flag.NoFlags.create());
            writer.writeNow(BufferData.create(frame.header().write(), frame.data()));
        }
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
