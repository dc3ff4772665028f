package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.heddle.facade.bind.PresentFields;
import dev.heddle.facade.bind.RequestBody;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.json.JsonInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A body that is one JSON value.
final class JsonBody implements RequestBody {
    private final Json json;
    private final InputStream in;
    private byte[] text = new byte[0];

    private JsonBody(Json json, InputStream in) {
        this.json = json;
        this.in = in;
    }

    /// A body that is read as it arrives, once.
    static JsonBody streamed(Json json, InputStream in) {
        return new JsonBody(json, in);
    }

    /// A body that can be read twice.
    static JsonBody buffered(Json json, InputStream in) throws IOException {
        var text = in.readAllBytes();
        var body = new JsonBody(json, new ByteArrayInputStream(text));
        body.text = text;
        return body;
    }

    @Override
    public void mergeInto(Message.Builder request) throws IOException {
        json.merge(in, request);
    }

    @Override
    public void mergeInto(Message.Builder request, FieldDescriptor field) throws IOException {
        try (var input = json.open(in)) {
            input.merge(request, field);
            input.end();
        }
    }

    @Override
    public FieldMask presentFields(FieldDescriptor field) throws IOException {
        try (var parser = json.parser(text)) {
            return PresentFields.of(parser, field.getMessageType());
        }
    }

    /// One of many values.
    record Element(JsonInput input) implements RequestBody {
        @Override
        public void mergeInto(Message.Builder request) throws IOException {
            input.merge(request);
        }

        @Override
        public void mergeInto(Message.Builder request, FieldDescriptor field) throws IOException {
            input.merge(request, field);
        }

        @Override
        public FieldMask presentFields(FieldDescriptor field) {
            // a stream of changes says in each message what it changes
            return FieldMask.getDefaultInstance();
        }
    }
}
