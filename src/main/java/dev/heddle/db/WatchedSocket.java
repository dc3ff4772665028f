package dev.heddle.db;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;

/// A socket that notes when a read or a write of it began, for who looks whether one takes too
/// long.
final class WatchedSocket extends Socket {
    private static final Logger LOGGER = System.getLogger(WatchedSocket.class.getName());

    private final long limitNanos;
    private final Set<WatchedSocket> connected;
    private final Wait reading = new Wait();
    private final Wait writing = new Wait();
    private volatile boolean hasReadTimeout;

    /// What lasts, or doesn't, and since when.
    private static final class Wait {
        private volatile long start;
        private volatile boolean lasts;

        void begin() {
            start = System.nanoTime();
            lasts = true;
        }

        void end() {
            lasts = false;
        }

        boolean exceeds(long limitNanos, long now) {
            return lasts && now - start > limitNanos;
        }
    }

    /// @param limit how long a single read or write may take
    /// @param connected holds the socket from when it is connected until it is closed
    WatchedSocket(Duration limit, Set<WatchedSocket> connected) {
        this.limitNanos = limit.toNanos();
        this.connected = connected;
    }

    /// Closes the socket if it has waited for too long; the read or write fails with it.
    ///
    /// @param now the current [System#nanoTime]
    void tick(long now) {
        var readsTooLong = !hasReadTimeout && reading.exceeds(limitNanos, now);
        if (!readsTooLong && !writing.exceeds(limitNanos, now)) {
            return;
        }
        LOGGER.log(
                Level.WARNING,
                "{0} was silent for {1} s: the connection is closed",
                getRemoteSocketAddress(),
                Duration.ofNanos(limitNanos).toSeconds());
        try {
            close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a connection that is given up", e);
        }
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        super.connect(endpoint, timeout);
        connected.add(this);
    }

    /// Reads are then bounded by that alone, as those that wait for notifications are.
    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        super.setSoTimeout(timeout);
        hasReadTimeout = timeout > 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                reading.begin();
                try {
                    return in.read();
                } finally {
                    reading.end();
                }
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                reading.begin();
                try {
                    return in.read(bytes, offset, length);
                } finally {
                    reading.end();
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int value) throws IOException {
                writing.begin();
                try {
                    out.write(value);
                } finally {
                    writing.end();
                }
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writing.begin();
                try {
                    out.write(bytes, offset, length);
                } finally {
                    writing.end();
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        connected.remove(this);
        super.close();
    }
}
