package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A socket that survives interrupts: the JDK closes a socket, and with it all calls of the
/// connection, when a virtual thread is interrupted in writing to it. An interrupt that meets a
/// write takes effect after it.
final class GuardedWriter implements DataWriter {
    private final DataWriter stock;

    /// Keeps frames whole: Helidon's own threads wait for each other before they come here, but
    /// they are not the only ones.
    private final Lock lock = new ReentrantLock();

    /// The threads that are writing, each with whether it is to be interrupted at the end.
    private final Map<Thread, Boolean> writing = new ConcurrentHashMap<>();

    GuardedWriter(DataWriter stock) {
        this.stock = stock;
    }

    void interrupt(Thread sender) {
        writing.compute(
                sender,
                (thread, isWriting) -> {
                    if (isWriting == null) {
                        thread.interrupt();
                        return null;
                    }
                    return true;
                });
    }

    @Override
    public void write(BufferData... buffers) {
        guard(() -> stock.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        guard(() -> stock.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        guard(() -> stock.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        guard(() -> stock.writeNow(buffer));
    }

    @Override
    public void flush() {
        guard(stock::flush);
    }

    @Override
    public void close() {
        stock.close();
    }

    private void guard(Runnable write) {
        var thread = Thread.currentThread();
        writing.put(thread, Thread.interrupted());
        lock.lock();
        try {
            write.run();
        } finally {
            lock.unlock();
            if (Boolean.TRUE.equals(writing.remove(thread))) {
                thread.interrupt();
            }
        }
    }
}
