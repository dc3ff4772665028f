package dev.heddle.chat;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// In which rooms a session is, as it ought to be in the database. [Presence] sees to it that it
/// is.
final class Membership {
    private final UUID session = UUID.randomUUID();
    private final String person;
    private final Set<String> rooms = ConcurrentHashMap.newKeySet();

    /// Held by who changes the rooms, here and in the database.
    private final ReentrantLock lock = new ReentrantLock();

    Membership(String person) {
        this.person = person;
    }

    UUID session() {
        return session;
    }

    String person() {
        return person;
    }

    Set<String> rooms() {
        return rooms;
    }

    ReentrantLock lock() {
        return lock;
    }
}
