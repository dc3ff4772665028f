package dev.heddle.bench.feed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;

/// The process of a [Crowd]: one thread takes what comes, and does between two turns what it is
/// told on its standard input.
final class CrowdProcess {
    private static final int BUFFER = 256 * 1024;
    private static final int STALLED_BUFFER = 4096;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final List<Reader> readers = new ArrayList<>();
    private final List<SocketChannel> stalled = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> orders = new ConcurrentLinkedQueue<>();
    private final Histogram nanos = new Histogram(3);

    private CrowdProcess(Selector selector) {
        this.selector = selector;
    }

    /// What one of the readers got.
    private static final class Reader {
        private final Stamp stamp = new Stamp();
        private final boolean isSampled;
        private long events;
        private long bytes;

        Reader(boolean isSampled) {
            this.isSampled = isSampled;
        }
    }

    public static void main(String[] arguments) throws IOException {
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var request = Framing.valueOf(arguments[2]).request(arguments[3], arguments[1]);
        try (var selector = Selector.open()) {
            var crowd = new CrowdProcess(selector);
            var sampled = Integer.parseInt(arguments[6]);
            for (var i = 0; i < Integer.parseInt(arguments[5]); i++) {
                crowd.stall(address, request);
            }
            for (var i = 0; i < Integer.parseInt(arguments[4]); i++) {
                crowd.read(address, request, i < sampled);
            }
            Thread.ofPlatform().daemon().start(crowd::listen);
            while (true) {
                selector.select(crowd::take);
                crowd.obey();
            }
        }
    }

    private void read(InetSocketAddress address, byte[] request, boolean isSampled)
            throws IOException {
        var channel = SocketChannel.open(address);
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        var reader = new Reader(isSampled);
        channel.register(selector, SelectionKey.OP_READ, reader);
        readers.add(reader);
    }

    private void stall(InetSocketAddress address, byte[] request) throws IOException {
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, STALLED_BUFFER);
        channel.connect(address);
        channel.write(ByteBuffer.wrap(request));
        stalled.add(channel);
    }

    private void take(SelectionKey key) {
        var reader = (Reader) key.attachment();
        buffer.clear();
        try {
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                throw new IllegalStateException("a subscription has ended");
            }
        } catch (IOException e) {
            throw new IllegalStateException("a subscription has broken", e);
        }
        buffer.flip();
        checkFirst(reader);
        reader.bytes += buffer.remaining();
        if (reader.isSampled) {
            var now = System.nanoTime();
            reader.stamp.find(
                    buffer,
                    sent -> {
                        reader.events++;
                        nanos.recordValue(Math.max(0, now - sent));
                    });
        }
    }

    private void checkFirst(Reader reader) {
        var digit = "HTTP/1.1 ".length();
        if (reader.bytes == 0
                && reader.events == 0
                && buffer.get(0) == 'H'
                && buffer.get(digit) != '2'
                && buffer.get(digit) != '1') {
            throw new IllegalStateException(StandardCharsets.UTF_8.decode(buffer).toString());
        }
    }

    private void listen() {
        try (var in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                orders.add(line);
                selector.wakeup();
            }
        } catch (IOException e) {
            System.err.println("no more orders: " + e);
        }
        // the process lives no longer than the one that started it
        System.exit(0);
    }

    private void obey() {
        for (var order = orders.poll(); order != null; order = orders.poll()) {
            System.out.println(
                    switch (order) {
                        case Crowd.RESET -> reset();
                        case Crowd.PROGRESS -> progress();
                        default -> histogram();
                    });
        }
    }

    private String reset() {
        for (var reader : readers) {
            reader.events = 0;
            reader.bytes = 0;
        }
        nanos.reset();
        return Crowd.RESET;
    }

    /// All readers get the same, so those that are not looked at have had as many events as their
    /// bytes make up.
    private String progress() {
        var sample = readers.getFirst();
        var each = sample.events == 0 ? 0 : (double) sample.events / sample.bytes;
        var all = 0.0;
        var fewest = Double.MAX_VALUE;
        var bytes = 0L;
        for (var reader : readers) {
            var events = reader.isSampled ? reader.events : reader.bytes * each;
            all += events;
            fewest = Math.min(fewest, events);
            bytes += reader.bytes;
        }
        return String.format(Locale.ROOT, "%.1f %.1f %d", all, fewest, bytes);
    }

    private String histogram() {
        var encoded = ByteBuffer.allocate(nanos.getNeededByteBufferCapacity());
        var length = nanos.encodeIntoCompressedByteBuffer(encoded);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(encoded.array(), length));
    }
}
