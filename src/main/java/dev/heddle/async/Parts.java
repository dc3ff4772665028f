package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;

/// The parts that one thread has started. They end before it goes on.
final class Parts<P extends Part<?>> implements AutoCloseable {
    private final List<P> started = new ArrayList<>();

    P start(P part) {
        started.add(part);
        part.start();
        return part;
    }

    List<P> started() {
        return List.copyOf(started);
    }

    /// Cancels those that run, and waits until they have ended.
    @Override
    public void close() {
        started.forEach(
                part -> part.cancel(new RpcException(Code.CANCELLED, "not needed any more")));
        started.forEach(Part::join);
    }
}
