package dev.heddle.facade.docs;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A value that is made when it is first asked for, and kept. A failure is not kept.
final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private final ReentrantLock making = new ReentrantLock();
    private volatile Optional<T> made = Optional.empty();

    Once(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        return made.orElseGet(this::make);
    }

    private T make() {
        making.lock();
        try {
            if (made.isEmpty()) {
                made = Optional.of(source.get());
            }
            return made.orElseThrow();
        } finally {
            making.unlock();
        }
    }
}
