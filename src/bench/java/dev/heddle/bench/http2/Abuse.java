package dev.heddle.bench.http2;

import dev.heddle.testing.RawHttp2;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// What a client that means harm does with one connection, until the server has enough of it.
enum Abuse {
    /// CVE-2023-44487.
    RAPID_RESET {
        @Override
        void commit(RawHttp2 client) {
            floodOfStreams(
                    client,
                    id -> RawHttp2.join(RawHttp2.call(id, PATH), RawHttp2.reset(id, CANCEL)));
        }
    },

    /// CVE-2025-8671: it is the server that resets.
    MADE_YOU_RESET {
        @Override
        void commit(RawHttp2 client) {
            floodOfStreams(
                    client,
                    id -> RawHttp2.join(RawHttp2.call(id, PATH), RawHttp2.windowUpdate(id, 0)));
        }
    },

    CONTINUATION_FLOOD {
        @Override
        void commit(RawHttp2 client) throws IOException {
            client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block("a", "b")));
            client.flood(FRAMES, RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1, new byte[100]));
        }
    },

    SETTINGS_FLOOD {
        @Override
        void commit(RawHttp2 client) {
            client.flood(FRAMES, RawHttp2.settings(4, 1000));
        }
    },

    PING_FLOOD {
        @Override
        void commit(RawHttp2 client) {
            client.flood(FRAMES, RawHttp2.ping(1));
        }
    },

    PRIORITY_FLOOD {
        @Override
        void commit(RawHttp2 client) {
            client.flood(FRAMES, RawHttp2.frame(RawHttp2.PRIORITY, 0, 3, new byte[5]));
        }
    },

    EMPTY_DATA_FLOOD {
        @Override
        void commit(RawHttp2 client) throws IOException {
            client.send(RawHttp2.call(1, PATH));
            client.flood(FRAMES, RawHttp2.data(1, false));
        }
    },

    /// Twice as many fields as are allowed.
    HEADER_BOMB {
        @Override
        void commit(RawHttp2 client) {
            floodOfStreams(
                    client,
                    id -> RawHttp2.headers(id, true, ":method", "GET", "x", "y".repeat(15_000)));
        }
    },

    /// A table entry that is large, and a byte for every time that it comes.
    HPACK_BOMB {
        @Override
        void commit(RawHttp2 client) {
            floodOfStreams(client, RawHttp2::hpackBomb);
        }
    },

    /// Answers that can't be sent, on as many streams as there may be.
    TINY_WINDOWS {
        @Override
        void commit(RawHttp2 client) throws IOException {
            client.send(RawHttp2.settings(INITIAL_WINDOW_SIZE, 1));
            for (var id = 1; id < 500; id += 2) {
                client.send(
                        RawHttp2.call(id, PATH),
                        RawHttp2.data(id, true, Workload.of("unary-1k").requestBody()));
            }
            var _ = client.isClosedWithin(Duration.ofSeconds(1));
        }
    };

    private static final String PATH = Workload.of("unary-60").path();
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;
    private static final int FRAMES = 20_000;

    /// Does it on a connection that is open.
    abstract void commit(RawHttp2 client) throws IOException;

    /// The frames with which a stream begins.
    @FunctionalInterface
    private interface Attack {
        byte[] on(int streamId);
    }

    private static void floodOfStreams(RawHttp2 client, Attack attack) {
        for (var id = 1; id < 2 * FRAMES; id += 2) {
            if (client.flood(1, attack.on(id)) == 0) {
                return;
            }
        }
    }

    /// As it is printed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
