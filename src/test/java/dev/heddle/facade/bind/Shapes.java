package dev.heddle.facade.bind;

import com.fasterxml.jackson.core.JsonFactory;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import java.io.IOException;

/// Requests of `ShapeService`, bound as a facade binds them.
final class Shapes {
    static final RouteTable TABLE =
            RouteTable.of(
                    Rpcs.builder()
                            .unary(ShapeServiceGrpc.getQueryMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getQueryLenientlyMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getPathMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getTailMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getWholeMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getChildMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getChildrenMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getScalarMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getChoiceMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getCustomMethod(), (q, _) -> q)
                            .clientStreaming(
                                    ShapeServiceGrpc.getCollectMethod(),
                                    (in, _) -> in.next().orElseThrow())
                            .serverStreaming(
                                    ShapeServiceGrpc.getWatchMethod(), (q, out, _) -> out.send(q))
                            .unary(ShapeServiceGrpc.getContentMethod(), (q, _) -> q)
                            .unary(ShapeServiceGrpc.getUnmappedMethod(), (q, _) -> q)
                            .build());

    private Shapes() {}

    static Binding bind(String httpMethod, String path, String query) {
        return bind(httpMethod, path, query, Headers.empty());
    }

    static Binding bind(String httpMethod, String path, String query, Headers headers) {
        return RequestBinder.bind((Match.Found) TABLE.match(httpMethod, path), query, headers);
    }

    /// A body whose content is a field, or all, of a JSON object in the shape of the request.
    static RequestBody json(String request) {
        return body(parse(request), request);
    }

    /// A body whose content is a field, or all, of a message.
    static RequestBody message(Message request) {
        return body(request, "");
    }

    static Shape parse(String json) {
        try {
            var shape = Shape.newBuilder();
            JsonFormat.parser().merge(json, shape);
            return shape.build();
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static RequestBody body(Message content, String json) {
        return new RequestBody() {
            @Override
            public void mergeInto(Message.Builder request) {
                request.mergeFrom(content);
            }

            @Override
            public void mergeInto(Message.Builder request, FieldDescriptor field) {
                request.setField(field, content.getField(field));
            }

            @Override
            public FieldMask presentFields(FieldDescriptor field) throws IOException {
                try (var parser = new JsonFactory().createParser(json)) {
                    while (parser.nextToken() != null) {
                        if (field.getJsonName().equals(parser.currentName())) {
                            return PresentFields.of(parser, field.getMessageType());
                        }
                    }
                }
                throw new IllegalArgumentException(json);
            }
        };
    }
}
