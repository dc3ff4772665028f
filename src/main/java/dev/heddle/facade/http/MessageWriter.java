package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.Route;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Writes responses as JSON, or that field of them that the rule names as `response_body`.
record MessageWriter(Json json, Json.Options options, Optional<FieldDescriptor> responseBody)
        implements Shared.Form<Message, byte[]> {
    static MessageWriter of(Json json, Json.Options options, Route route) {
        return new MessageWriter(json, options, route.responseBody());
    }

    void write(Message message, OutputStream out) throws IOException {
        if (responseBody.isPresent()) {
            out.write(json.toBytes(message, responseBody.get(), options));
        } else {
            json.write(message, out, options);
        }
    }

    @Override
    public byte[] encode(Message message) {
        return responseBody.isPresent()
                ? json.toBytes(message, responseBody.get(), options)
                : json.toBytes(message, options);
    }

    byte[] toBytes(RpcException failure) {
        return json.toBytes(failure.toStatus());
    }
}
