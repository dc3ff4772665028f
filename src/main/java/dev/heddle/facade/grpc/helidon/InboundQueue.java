package dev.heddle.facade.grpc.helidon;

import dev.heddle.rpc.Inbound;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// The request messages of one call on their way from the thread that receives to the thread that
/// handles: a few of them, then the sender waits.
final class InboundQueue<Q> implements Inbound<Q> {
    private final int capacity;
    private final Queue<Incoming<Q>> waiting = new ArrayDeque<>();
    private boolean complete;
    private boolean abandoned;

    InboundQueue(int capacity) {
        this.capacity = capacity;
    }

    /// Adds a message, waiting for a free place. A message that nobody will read is dropped.
    synchronized void put(Incoming<Q> message) throws InterruptedException {
        while (waiting.size() >= capacity && !abandoned) {
            wait();
        }
        if (!abandoned) {
            waiting.add(message);
            notifyAll();
        }
    }

    /// States that the caller has sent its last message.
    synchronized void complete() {
        complete = true;
        notifyAll();
    }

    /// Lets go of whoever waits: the call is over. A reader finds the end of the messages.
    synchronized void abandon() {
        abandoned = true;
        waiting.clear();
        notifyAll();
    }

    @Override
    public void release() {
        abandon();
    }

    @Override
    public Optional<Q> next() {
        return take().map(incoming ->
                switch (incoming) {
                    case Incoming.Received<Q>(var message) -> message;
                    case Incoming.Unreadable<Q>(var reason) -> throw reason;
                });
    }

    private synchronized Optional<Incoming<Q>> take() {
        var interrupted = false;
        while (waiting.isEmpty() && !complete && !abandoned) {
            try {
                wait();
            } catch (InterruptedException e) {
                // a call ends by abandon(); the flag is for whoever runs after this
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        notifyAll();
        return Optional.ofNullable(waiting.poll());
    }
}
