package dev.heddle.db.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/// Starts a server process with Heddle's parameters, and again where what kept it from starting
/// passes by itself.
///
/// @param postmaster what it starts
/// @param settings the bounds
record Launcher(Postmaster postmaster, EmbeddedPostgres.Settings settings) {

    /// A server process that accepts connections.
    record Server(ProcessHandle process, int port, Watchdog watchdog) {}

    /// @param wanted the port; 0 for a free one
    /// @throws EmbeddedPostgresException if it isn't ready in time; the message has its last words
    Server launch(int wanted) throws IOException, InterruptedException {
        var end = System.nanoTime() + settings.startTimeout().toNanos();
        while (true) {
            var port = wanted == 0 ? freePort() : wanted;
            postmaster.cluster().configure(parameters(port));
            switch (postmaster.start(settings.startTimeout())) {
                case Postmaster.Outcome.Ready(var process, var watchdog) -> {
                    return new Server(process, port, watchdog);
                }
                case Postmaster.Outcome.Failed(var logged) -> {
                    if (!passes(logged, wanted) || System.nanoTime() > end) {
                        throw new EmbeddedPostgresException(
                                "PostgreSQL did not start (expected: ready within %s). It says:\n%s"
                                        .formatted(settings.startTimeout(), logged));
                    }
                }
            }
        }
    }

    // What served the sessions of a server that was killed takes a moment to see it; and another
    // process may have been faster to take the free port.
    private static boolean passes(String logged, int wanted) {
        return logged.contains("pre-existing shared memory block")
                || (wanted == 0 && logged.contains("could not bind"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Map<String, String> parameters(int port) {
        var parameters = new HashMap<String, String>();
        parameters.put("max_connections", Integer.toString(settings.maxConnections()));
        parameters.put("fsync", "on");
        parameters.put("synchronous_commit", "on");
        parameters.put("full_page_writes", "on");
        parameters.put("timezone", "UTC");
        parameters.put("log_timezone", "UTC");
        // failed statements are for those who sent them, and would fill the log without bound
        parameters.put("log_min_messages", "log");
        parameters.put("log_checkpoints", "off");
        // nobody replicates from it
        parameters.put("max_wal_senders", "0");
        parameters.put("max_logical_replication_workers", "0");
        parameters.putAll(settings.parameters());
        parameters.put("listen_addresses", EmbeddedPostgres.HOST);
        parameters.put("port", Integer.toString(port));
        parameters.put("unix_socket_directories", "");
        return parameters;
    }
}
