package dev.heddle.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;

/// Makes the driver's sockets, and closes those on which the server keeps silent for too long.
///
/// The driver's own `socketTimeout` does that by reads with a time-out. Each of them costs a
/// virtual thread a timer, and wakes the thread of the timers, which is a quarter of a short call.
/// Here one thread looks at all sockets, once a [#TICK].
///
/// The driver makes it by its name, so it is public, and the sockets are the whole process's.
public final class WatchedSockets extends SocketFactory {
    /// By how much a read or write may exceed its limit.
    static final Duration TICK = Duration.ofSeconds(1);

    private static final Set<WatchedSocket> CONNECTED = ConcurrentHashMap.newKeySet();

    static {
        Thread.ofPlatform().daemon().name("heddle-db-watch").start(WatchedSockets::watch);
    }

    private final Duration limit;

    /// @param limitMillis how long a single read or write may take
    public WatchedSockets(String limitMillis) {
        this.limit = Duration.ofMillis(Long.parseLong(limitMillis));
    }

    @Override
    public Socket createSocket() {
        return new WatchedSocket(limit, CONNECTED);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host, port, new InetSocketAddress(0).getAddress(), 0);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        var socket = createSocket();
        try {
            socket.bind(new InetSocketAddress(localHost, localPort));
            socket.connect(new InetSocketAddress(host, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void watch() {
        while (true) {
            LockSupport.parkNanos(TICK.toNanos());
            var now = System.nanoTime();
            CONNECTED.forEach(socket -> socket.tick(now));
        }
    }
}
