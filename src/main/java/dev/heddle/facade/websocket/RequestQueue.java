package dev.heddle.facade.websocket;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The request messages of one call that wait for its handler, no more than the client has credit
/// for. They are decoded when they are asked for, and the client gets new credit as they are.
final class RequestQueue<Q extends Message> implements Inbound<Q> {
    /// What every client may send before it gets more, as `websocket.proto` has it.
    static final int INITIAL_CREDIT = 16;

    private final Call call;
    private final Decoder<Q> decoder;
    private final Granter granter;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteString> waiting = new ArrayDeque<>();
    private int credit = INITIAL_CREDIT;
    // Messages that took no credit, and so give none back.
    private int free;
    private int takenSinceGrant;
    private boolean ended;
    private boolean released;
    // Of the thread that reads.
    private boolean isFirstTaken;

    /// Reads a message.
    @FunctionalInterface
    interface Decoder<Q> {
        Q decode(ByteString payload, boolean isFirst);
    }

    /// Tells the client that it may send more.
    @FunctionalInterface
    interface Granter {
        void grant(int credit) throws IOException;
    }

    RequestQueue(Call call, int capacity, Decoder<Q> decoder, Granter granter) {
        this.call = call;
        this.capacity = capacity;
        this.decoder = decoder;
        this.granter = granter;
    }

    /// Lets the client fill the queue: it knows of [#INITIAL_CREDIT] alone.
    void open() throws IOException {
        if (capacity > INITIAL_CREDIT) {
            lock.lock();
            try {
                credit += capacity - INITIAL_CREDIT;
            } finally {
                lock.unlock();
            }
            granter.grant(capacity - INITIAL_CREDIT);
        }
    }

    /// Adds the message that began the call, which takes no credit.
    void addFirst(ByteString payload) {
        lock.lock();
        try {
            waiting.add(payload);
            free++;
        } finally {
            lock.unlock();
        }
    }

    void add(ByteString payload) throws Violation {
        lock.lock();
        try {
            if (ended) {
                throw Violation.badEnvelope("a message behind the last one");
            }
            if (credit == 0) {
                throw Violation.creditOverrun();
            }
            credit--;
            waiting.add(payload);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Notes that the client has sent its last message.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release() {
        lock.lock();
        try {
            released = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Has a reader that waits look whether its call was cancelled.
    void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Q> next() {
        var payload = Optional.<ByteString>empty();
        var grant = 0;
        lock.lock();
        try {
            while (waiting.isEmpty() && !ended && !released && !call.isCancelled()) {
                changed.awaitUninterruptibly();
            }
            call.check();
            if (released) {
                throw Inbound.released();
            }
            payload = Optional.ofNullable(waiting.poll());
            if (payload.isPresent()) {
                grant = grantDue();
            }
        } finally {
            lock.unlock();
        }
        grant(grant);
        return payload.map(this::decode);
    }

    /// A grant a message would double the frames.
    private int grantDue() {
        if (free > 0) {
            free--;
            return 0;
        }
        takenSinceGrant++;
        if (ended || takenSinceGrant < capacity / 2) {
            return 0;
        }
        var grant = takenSinceGrant;
        takenSinceGrant = 0;
        credit += grant;
        return grant;
    }

    private void grant(int grant) {
        if (grant == 0) {
            return;
        }
        try {
            granter.grant(grant);
        } catch (IOException e) {
            call.cancelByCaller();
            throw call.cancellation().orElseThrow();
        }
    }

    private Q decode(ByteString payload) {
        var isFirst = !isFirstTaken;
        isFirstTaken = true;
        return decoder.decode(payload, isFirst);
    }
}
