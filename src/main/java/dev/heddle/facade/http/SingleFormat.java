package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.OutputStream;
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
}
