package dev.heddle.contract;

import dev.heddle.http.websocket.RawWebSocket;
import java.io.EOFException;
import java.io.IOException;

/// A conversation over a WebSocket that speaks JSON.
final class WebSocketConversation implements Conversation {
    private final RawWebSocket socket;
    private final StringBuilder heard = new StringBuilder();
    private boolean hasBegun;
    private boolean isOver;

    WebSocketConversation(int port, String method) throws IOException {
        socket = RawWebSocket.open(port, "/ws" + method, "Sec-WebSocket-Protocol: heddle.json");
    }

    @Override
    public void say(String message) throws IOException {
        socket.send(
                "{\"type\":\"%s\",\"message\":{\"message\":\"%s\"}}"
                        .formatted(hasBegun ? "message" : "request", message));
        hasBegun = true;
    }

    @Override
    public void endRequests() throws IOException {
        socket.send("{\"type\":\"half-close\"}");
    }

    @Override
    public String hear(String awaited) throws IOException {
        while (heard.indexOf(awaited) < 0) {
            if (isOver) {
                throw new EOFException("the answer is over: " + heard);
            }
            receive();
        }
        return heard.toString();
    }

    @Override
    public String hearOut() throws IOException {
        while (!isOver) {
            receive();
        }
        return heard.toString();
    }

    private void receive() throws IOException {
        var frame = socket.receive();
        if (frame.first() == (RawWebSocket.FINAL | RawWebSocket.TEXT)) {
            heard.append(frame.text()).append('\n');
        }
        isOver = frame.first() == (RawWebSocket.FINAL | RawWebSocket.CLOSE);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
