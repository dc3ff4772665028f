package dev.heddle.source;

import io.helidon.webclient.api.ClientConnection;
import io.helidon.webclient.api.ConnectionKey;
import io.helidon.webclient.api.TcpClientConnection;
import io.helidon.webclient.api.WebClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A connection to another server. Whoever has it on loan may cut it from any thread, and nobody
/// can once the loan is over: a late cancellation never hits the next borrower.
final class Connection {
    private final TcpClientConnection tcp;
    private final AtomicBoolean onLoan = new AtomicBoolean(true);
    private boolean answered;

    /// Opens a connection, on loan to the caller.
    Connection(WebClient client, ConnectionKey key) {
        this.tcp = TcpClientConnection.create(client, key, List.of(), _ -> answered(), _ -> {});
        tcp.connect();
    }

    ClientConnection client() {
        return tcp;
    }

    /// Closes it, if it is still on loan.
    void cut() {
        if (onLoan.getAndSet(false)) {
            tcp.closeResource();
        }
    }

    /// Ends the loan.
    ///
    /// @return whether the connection is fit for another request
    boolean endLoan() {
        if (!answered || !tcp.isConnected()) {
            cut();
            return false;
        }
        return onLoan.getAndSet(false);
    }

    /// Begins to notice that the server closes it.
    void rest() {
        tcp.helidonSocket().idle();
    }

    /// Begins a loan.
    ///
    /// @return false if the server has closed it
    boolean lend() {
        if (!tcp.isConnected()) {
            tcp.closeResource();
            return false;
        }
        answered = false;
        onLoan.set(true);
        return true;
    }

    void close() {
        tcp.closeResource();
    }

    /// The client has read the whole answer, and the server keeps the connection open.
    private boolean answered() {
        answered = true;
        return true;
    }
}
