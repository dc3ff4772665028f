package dev.heddle.contract;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.util.List;

/// What a stream can come as.
enum LiveFraming {
    GRPC,
    GRPC_WEB,
    GRPC_WEB_TEXT,
    CONNECT,
    CONNECT_JSON,
    NDJSON,
    JSON_ARRAY,
    SSE,
    WEBSOCKET_JSON,
    WEBSOCKET_PROTO;

    FramingClient client(URI gateway) {
        return switch (this) {
            case GRPC -> new GrpcClient(gateway);
            case GRPC_WEB -> new GrpcWebClient(gateway, Version.HTTP_2, false);
            case GRPC_WEB_TEXT -> new GrpcWebClient(gateway, Version.HTTP_1_1, true);
            case CONNECT -> new ConnectClient(gateway, Version.HTTP_2, false);
            case CONNECT_JSON -> new ConnectClient(gateway, Version.HTTP_1_1, true);
            case NDJSON -> new NdjsonClient(gateway);
            case JSON_ARRAY -> new JsonArrayClient(gateway);
            case SSE -> new SseClient(gateway);
            case WEBSOCKET_JSON -> new WebSocketClient(gateway, true);
            case WEBSOCKET_PROTO -> new WebSocketClient(gateway, false);
        };
    }

    /// Whether methods are called by their rule of HTTP, which not all have.
    boolean isByRule() {
        return switch (this) {
            case NDJSON, JSON_ARRAY, SSE -> true;
            case GRPC,
                    GRPC_WEB,
                    GRPC_WEB_TEXT,
                    CONNECT,
                    CONNECT_JSON,
                    WEBSOCKET_JSON,
                    WEBSOCKET_PROTO ->
                    false;
        };
    }

    LiveFraming next() {
        var all = List.of(values());
        return all.get((all.indexOf(this) + 1) % all.size());
    }
}
