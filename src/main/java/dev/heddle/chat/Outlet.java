package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Lets the threads of a session take turns in sending. Who waits for a caller that doesn't read
/// waits here: there is no queue behind it.
final class Outlet implements Outbound<ChatEvent> {
    private final Outbound<ChatEvent> out;

    /// Fair, so that a busy room does not keep an answer from its turn.
    private final ReentrantLock turn = new ReentrantLock(true);

    Outlet(Outbound<ChatEvent> out) {
        this.out = out;
    }

    @Override
    public void send(ChatEvent event) {
        turn.lock();
        try {
            out.send(event);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void sendAll(List<Shared<ChatEvent>> events) {
        turn.lock();
        try {
            out.sendAll(events);
        } finally {
            turn.unlock();
        }
    }
}
