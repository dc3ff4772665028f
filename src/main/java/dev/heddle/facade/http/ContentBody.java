package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.heddle.facade.bind.RequestBody;

/// A body of arbitrary content, or a piece of one.
record ContentBody(HttpBody content) implements RequestBody {
    @Override
    public void mergeInto(Message.Builder request) {
        request.mergeFrom(content);
    }

    @Override
    public void mergeInto(Message.Builder request, FieldDescriptor field) {
        request.setField(field, content);
    }

    @Override
    public FieldMask presentFields(FieldDescriptor field) {
        return FieldMask.newBuilder().addPaths("content_type").addPaths("data").build();
    }
}
