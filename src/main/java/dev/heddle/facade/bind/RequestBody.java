package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import java.io.IOException;

/// The body of a request, or one message of a streamed one, in some format.
///
/// A binder calls one of the `merge…` methods, at most once. Both throw
/// [RpcException][dev.heddle.rpc.RpcException] where the body can't be read.
public interface RequestBody {
    /// Reads the body into an empty message: the whole request (`body: "*"`).
    void mergeInto(Message.Builder request) throws IOException;

    /// Reads the body into one top-level field of a request (`body: "field"`) that is not set: a
    /// message, a list, a map or a scalar.
    void mergeInto(Message.Builder request, FieldDescriptor field) throws IOException;

    /// The fields that the body gives a value to, `null` included, relative to the message that the
    /// body is; for the field mask of a PATCH. Called after a `merge…` for a field that is a single
    /// message, and only then: a body that can't be read twice must be buffered for it, see
    /// [Binding#infersFieldMask]. JSON is scanned by [PresentFields].
    FieldMask presentFields(FieldDescriptor field) throws IOException;
}
