package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.heddle.facade.bind.RequestBody;

/// A body of arbitrary content, or a piece of one.
record ContentBody(HttpBody content) implements RequestBody {
    /// Takes a copy of the first bytes.
    ///
    /// @param type empty to leave it out
    static ContentBody of(String type, byte[] bytes, int length) {
        return new ContentBody(
                HttpBody.newBuilder()
                        .setContentType(type)
                        .setData(ByteString.copyFrom(bytes, 0, length))
                        .build());
    }

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
