package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// One message as JSON.
record SingleFormat(MessageWriter writer) implements StreamFormat {
    @Override
    public String name() {
        return "json";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set("content-type", "application/json");
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        writer.write(message, out);
    }

    @Override
    public Optional<Duration> startPatience() {
        return Optional.empty();
    }

    @Override
    public void end(OutputStream out) {}

    @Override
    public boolean fail(RpcException failure, OutputStream out) {
        return false;
    }
}
