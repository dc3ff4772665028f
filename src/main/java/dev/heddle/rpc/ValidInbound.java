package dev.heddle.rpc;

import com.google.protobuf.Message;
import java.util.Optional;

/// The messages of a caller while the call is not cancelled, each checked against its contract.
final class ValidInbound<Q extends Message> implements Inbound<Q> {
    private final Inbound<Q> in;
    private final Call call;
    private final Validation validation;
    private volatile boolean released;

    ValidInbound(Inbound<Q> in, Call call, Validation validation) {
        this.in = in;
        this.call = call;
        this.validation = validation;
    }

    @Override
    public Optional<Q> next() {
        check();
        var next = await();
        check();
        next.ifPresent(validation::check);
        return next;
    }

    private Optional<Q> await() {
        try {
            return call.shielded(in::next);
        } catch (RpcException e) {
            // a wait that was ended is no reason by itself
            check();
            throw e;
        }
    }

    private void check() {
        call.check();
        if (released) {
            throw Inbound.released();
        }
    }

    @Override
    public void release() {
        released = true;
        in.release();
    }
}
