package dev.heddle.documents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Struct;
import dev.heddle.feed.Payloads;
import dev.heddle.rpc.RpcException;
import java.io.IOException;

/// What the documents of a list have to contain.
final class ContainmentFilter {
    private static final JsonFactory JSON = new JsonFactory();

    private ContainmentFilter() {}

    /// The JSON object that a filter is; of no filter, the one that everything contains.
    ///
    /// @throws RpcException INVALID_ARGUMENT for what is no JSON object
    static String of(String filter) {
        if (filter.isEmpty()) {
            return "{}";
        }
        try {
            check(filter);
            return Payloads.of(Payloads.read(filter, Struct.newBuilder()));
        } catch (IOException | IllegalStateException e) {
            throw RpcException.invalidField(
                            "filter", "not a JSON object (expected: such as {\"state\":\"open\"})")
                    .withCause(e);
        }
    }

    /// Protobuf's reader takes more than JSON, and nothing that is behind it into account.
    private static void check(String filter) throws IOException {
        try (var parser = JSON.createParser(filter)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new IOException("more than an object");
            }
        }
    }
}
