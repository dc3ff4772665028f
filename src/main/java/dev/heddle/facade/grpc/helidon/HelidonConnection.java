package dev.heddle.facade.grpc.helidon;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/// An HTTP/2 connection of Helidon's whose end is told to the calls on it; Helidon itself leaves
/// them waiting.
final class HelidonConnection implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection stock;
    private final WatchedContext context;

    HelidonConnection(ServerConnection stock, WatchedContext context) {
        this.stock = stock;
        this.context = context;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            stock.handle(limit);
        } finally {
            context.end();
        }
    }

    @Override
    public Duration idleTime() {
        return stock.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        stock.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return stock instanceof InterruptableTask<?> task && task.canInterrupt();
    }
}
