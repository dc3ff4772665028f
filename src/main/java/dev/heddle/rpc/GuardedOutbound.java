package dev.heddle.rpc;

import com.google.protobuf.Message;
import java.util.List;

/// Sends while the call is not cancelled, and out of reach of interrupts, which would break the
/// connection.
record GuardedOutbound<R extends Message>(Outbound<R> out, Call call) implements Outbound<R> {
    @Override
    public void send(R message) {
        guarded(() -> out.send(message));
    }

    @Override
    public void sendAll(List<Shared<R>> messages) {
        guarded(() -> out.sendAll(messages));
    }

    private void guarded(Runnable sending) {
        call.check();
        call.shielded(() -> {
            sending.run();
            return call;
        });
    }
}
