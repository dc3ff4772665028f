package dev.heddle.http.h2;

import dev.heddle.testing.RawHttp2;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// A client that does at random what RFC 9113 allows, and tells the model.
final class FuzzClient implements AutoCloseable {
    private static final int MAX_STREAMS = 40;
    private static final int FIRST_UNKNOWN_TYPE = 10;

    final RawHttp2 wire;
    final Random random;
    final ConnectionModel model = new ConnectionModel();
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    FuzzClient(int port, Random random) throws IOException {
        this.wire = RawHttp2.silent(port);
        this.random = random;
        pending.writeBytes(RawHttp2.PREFACE);
        settings();
    }

    /// Does one thing.
    void step() throws IOException {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                if (model.streams().size() < MAX_STREAMS) {
                    open(anyOf(ModelStream.Path.values()), random.nextInt(3) == 0);
                }
            }
            case 3, 4, 5, 6 -> any(ModelStream::isOpen).ifPresent(s -> data(s, oneIn(4)));
            case 7 -> any(ModelStream::isOpen).ifPresent(this::trailers);
            case 8 -> {
                grant(random.nextInt(1, 50_000));
                any(s -> !s.resetByClient).ifPresent(this::grant);
            }
            case 9 -> settings();
            case 10 -> ping();
            case 11 -> priority();
            case 12 -> unknown();
            case 13 -> {
                if (oneIn(2)) {
                    any(ModelStream::isOpen).ifPresent(this::reset);
                }
            }
            case 14 -> flush();
            default -> receiveAll();
        }
    }

    /// Completes all requests and waits for what is owed.
    void finish() throws IOException {
        for (var stream : model.streams()) {
            if (stream.path == ModelStream.Path.HOLD
                    && !stream.resetByClient
                    && stream.faults.isEmpty()) {
                reset(stream);
            } else if (stream.isOpen()) {
                if (oneIn(2)) {
                    trailers(stream);
                } else {
                    write(RawHttp2.data(stream.id, true));
                    stream.requestEnded = true;
                }
            }
        }
        await("settings acknowledged", model::isSettled);
        write(RawHttp2.settings(Frame.SETTINGS_INITIAL_WINDOW_SIZE, 16 << 20));
        model.settings(OptionalInt.of(16 << 20), OptionalInt.empty());
        grant(64 << 20);
        ping();
        await("answers", () -> model.streams().stream().allMatch(ModelStream::isOver));
        await("pings", () -> model.arePingsAnswered() && model.isSettled());
        await(
                "the connection's window",
                () -> model.window() > FrameFuzzTest.CONNECTION_WINDOW / 2);
        model.streams().forEach(ModelStream::checkOutcome);
    }

    void await(String what, BooleanSupplier condition) throws IOException {
        flush();
        var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no %s; streams: %s".formatted(what, unfinished()));
            }
            receive(what);
        }
    }

    private void receive(String missing) {
        try {
            wire.poll(Duration.ofMillis(100)).ifPresent(model::receive);
        } catch (IOException e) {
            throw new AssertionError("no %s, but %s".formatted(missing, model.goAway()), e);
        }
    }

    private List<ModelStream> unfinished() {
        return model.streams().stream().filter(s -> !s.isOver()).toList();
    }

    void receiveAll() throws IOException {
        for (var frame = wire.poll(Duration.ZERO);
                frame.isPresent();
                frame = wire.poll(Duration.ZERO)) {
            model.receive(frame.get());
        }
    }

    /// Sends what was written, in pieces that don't care where frames begin. They are few: a flood
    /// of tiny segments exhausts the receive buffer of Linux, whose sender then waits on its own.
    void flush() throws IOException {
        var bytes = pending.toByteArray();
        pending.reset();
        var done = 0;
        for (var i = random.nextInt(4); i > 0 && done < bytes.length; i--) {
            var rest = bytes.length - done;
            var size = oneIn(2) ? random.nextInt(rest) : Math.min(rest, random.nextInt(1, 50));
            wire.send(Arrays.copyOfRange(bytes, done, done + size));
            done += size;
        }
        wire.send(Arrays.copyOfRange(bytes, done, bytes.length));
    }

    void write(byte[]... frames) {
        for (var frame : frames) {
            pending.writeBytes(frame);
        }
    }

    int nextId() {
        return Math.max(1, (model.highestId() | 1) + 2 * random.nextInt(1, 3));
    }

    ModelStream open(ModelStream.Path path, boolean last, String... more) {
        var stream = model.open(nextId(), path);
        // Of settings that the client has sent before, the server knows when the request comes.
        headers(stream.id, last, request(path, more));
        stream.requestEnded = last;
        return stream;
    }

    static String[] request(ModelStream.Path path, String... more) {
        var fields =
                new String[] {
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":path",
                    "/" + path.name().toLowerCase(Locale.ROOT),
                    ":authority",
                    "localhost"
                };
        var all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }

    /// Writes a header block with all that may be about it: padding, priority, pieces, the table.
    void headers(int id, boolean last, String... fields) {
        var block = oneIn(2) ? RawHttp2.block(fields) : indexed(fields);
        var first = oneIn(2) ? block.length : random.nextInt(block.length + 1);
        var payload = new ByteArrayOutputStream();
        var padding = oneIn(3) ? random.nextInt(256) : -1;
        var flags = last ? RawHttp2.END_STREAM : 0;
        if (padding >= 0) {
            flags |= RawHttp2.PADDED;
            payload.write(padding);
        }
        if (oneIn(4)) {
            flags |= RawHttp2.PRIORITIZED;
            payload.writeBytes(RawHttp2.word(oneIn(2) ? 0 : id + 2));
            payload.write(random.nextInt(256));
        }
        payload.write(block, 0, first);
        payload.writeBytes(new byte[Math.max(0, padding)]);
        flags |= first == block.length ? RawHttp2.END_HEADERS : 0;
        write(RawHttp2.frame(RawHttp2.HEADERS, flags, id, payload.toByteArray()));
        var done = first;
        while (done < block.length) {
            var size = Math.min(block.length - done, random.nextInt(40));
            done += size;
            write(
                    RawHttp2.frame(
                            RawHttp2.CONTINUATION,
                            done == block.length ? RawHttp2.END_HEADERS : 0,
                            id,
                            Arrays.copyOfRange(block, done - size, done)));
        }
    }

    private byte[] indexed(String... fields) {
        var headers = new DefaultHttp2Headers(false);
        for (var i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        for (var i = random.nextInt(5); i > 0; i--) {
            headers.add("x-" + random.nextInt(10), "v".repeat(random.nextInt(300)));
        }
        var block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void data(ModelStream stream, boolean last) {
        var padding = oneIn(4) ? random.nextInt(256) : -1;
        var overhead = padding < 0 ? 0 : padding + 1;
        var room = Math.min(model.room(stream), Frame.DEFAULT_MAX_SIZE) - overhead;
        if (room < 0) {
            return;
        }
        var body =
                new byte[oneIn(2) ? Math.min(room, random.nextInt(100)) : random.nextInt(room + 1)];
        random.nextBytes(body);
        var payload = new ByteArrayOutputStream();
        if (padding >= 0) {
            payload.write(padding);
        }
        payload.writeBytes(body);
        payload.writeBytes(new byte[Math.max(0, padding)]);
        var flags = (last ? RawHttp2.END_STREAM : 0) | (padding < 0 ? 0 : RawHttp2.PADDED);
        write(RawHttp2.frame(RawHttp2.DATA, flags, stream.id, payload.toByteArray()));
        model.sent(stream, payload.size());
        stream.sent.writeBytes(body);
        stream.requestEnded = last;
    }

    private void trailers(ModelStream stream) {
        headers(stream.id, true, "x-trailer", "t".repeat(random.nextInt(50)));
        stream.requestEnded = true;
    }

    void reset(ModelStream stream) {
        write(RawHttp2.reset(stream.id, ErrorCode.CANCEL.value()));
        stream.resetByClient = true;
    }

    void grant(int increment) {
        write(RawHttp2.windowUpdate(0, increment));
        model.grant(increment);
    }

    private void grant(ModelStream stream) {
        var increment = random.nextInt(1, 50_000);
        write(RawHttp2.windowUpdate(stream.id, increment));
        stream.credit += increment;
    }

    private void settings() {
        if (!model.isSettled()) {
            return;
        }
        var window = oneIn(2) ? OptionalInt.of(random.nextInt(100_000)) : OptionalInt.empty();
        var table = oneIn(2) ? OptionalInt.of(random.nextInt(10_000)) : OptionalInt.empty();
        var settings = new ByteArrayOutputStream();
        window.ifPresent(
                size -> settings.writeBytes(setting(Frame.SETTINGS_INITIAL_WINDOW_SIZE, size)));
        table.ifPresent(size -> {
            // What it was in between has to be told as well.
            settings.writeBytes(setting(Frame.SETTINGS_HEADER_TABLE_SIZE, oneIn(2) ? 0 : size));
            settings.writeBytes(setting(Frame.SETTINGS_HEADER_TABLE_SIZE, size));
        });
        settings.writeBytes(setting(Frame.SETTINGS_ENABLE_PUSH, random.nextInt(2)));
        settings.writeBytes(
                setting(Frame.SETTINGS_MAX_FRAME_SIZE, random.nextInt(16_384, 1 << 24)));
        settings.writeBytes(setting(random.nextInt(7, 1 << 16), random.nextInt()));
        write(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, settings.toByteArray()));
        model.settings(window, table);
    }

    private static byte[] setting(int id, int value) {
        return Arrays.copyOfRange(RawHttp2.settings(id, value), 9, 15);
    }

    void ping() {
        var payload = random.nextLong();
        write(RawHttp2.ping(payload));
        model.ping(payload);
    }

    private void priority() {
        var payload = new byte[5];
        random.nextBytes(payload);
        payload[1] |= 1;
        var id = random.nextInt(1, 100);
        write(RawHttp2.frame(RawHttp2.PRIORITY, random.nextInt(256), id, payload));
    }

    private void unknown() {
        var payload = new byte[random.nextInt(200)];
        random.nextBytes(payload);
        write(
                RawHttp2.frame(
                        random.nextInt(FIRST_UNKNOWN_TYPE, 256),
                        random.nextInt(256),
                        random.nextInt(100),
                        payload));
    }

    Optional<ModelStream> any(Predicate<ModelStream> wanted) {
        var candidates = model.streams().stream().filter(wanted).toList();
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(random.nextInt(candidates.size())));
    }

    boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    <T> T anyOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
