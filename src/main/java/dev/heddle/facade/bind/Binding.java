package dev.heddle.facade.bind;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Optional;

/// What path and query of a request say; makes its message, or its messages.
public final class Binding {
    private final Message message;

    Binding(Message message) {
        this.message = message;
    }

    /// The request of a route without a body.
    public Message request() {
        return message;
    }

    /// The request with a body. A streaming method calls it once for each message of the body: path
    /// and query are the same in all.
    ///
    /// Where path and body both set a field, the path counts.
    public Message request(RequestBody body) throws IOException {
        var request = message.toBuilder();
        body.mergeInto(request);
        return request.build();
    }

    /// Whether [#request(RequestBody)] will ask for [RequestBody#presentFields].
    public boolean infersFieldMask() {
        return false;
    }

    /// The value of a system parameter, such as `$alt`; see [SystemParameters].
    public Optional<String> systemParameter(String name) {
        return Optional.empty();
    }
}
