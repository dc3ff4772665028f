package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The subscriptions of a session, each followed by a thread of its own, by their rooms.
final class Followed {
    private final Call call;
    private final Outbound<ChatEvent> out;
    private final Map<String, Following> all = new ConcurrentHashMap<>();

    /// @param end completed when nothing more comes
    private record Following(Subscription subscription, CompletableFuture<Void> end) {
        void stop() {
            subscription.end();
            var _ = end.join();
        }
    }

    Followed(Call call, Outbound<ChatEvent> out) {
        this.call = call;
        this.out = out;
    }

    boolean contains(String room) {
        return all.containsKey(room);
    }

    int count() {
        return all.size();
    }

    /// Begins to tell; the subscription is closed at its end.
    ///
    /// @param onClosed to be run when the room was removed
    void add(String room, Subscription subscription, Runnable onClosed) {
        var following = new Following(subscription, new CompletableFuture<>());
        all.put(room, following);
        Thread.startVirtualThread(() -> follow(room, following, onClosed));
    }

    /// Stops to tell. At return nothing more comes.
    void remove(String room) {
        var following = all.remove(room);
        if (following != null) {
            following.stop();
        }
    }

    /// Tells all to end, without waiting.
    void end() {
        all.values().forEach(each -> each.subscription().end());
    }

    /// Waits until nothing more comes.
    void await() {
        all.values().forEach(each -> each.end().join());
    }

    private void follow(String room, Following following, Runnable onClosed) {
        try (var subscription = following.subscription()) {
            subscription.run(out, call);
            if (all.remove(room, following)) {
                onClosed.run();
            }
        } catch (RpcException e) {
            failed(e);
        } catch (InterruptedException | RuntimeException e) {
            failed(Failures.toRpcException(e, call.rpc().contract().name()));
        } finally {
            following.end().complete(null);
        }
    }

    /// Ends the call, except where it said goodbye: others may not yet have, and the session ends
    /// it then.
    private void failed(RpcException failure) {
        if (failure.reason().filter(RpcException.STOPPING::equals).isEmpty()) {
            call.cancel(failure);
        }
    }
}
