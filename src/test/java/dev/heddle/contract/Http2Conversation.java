package dev.heddle.contract;

import dev.heddle.testing.RawHttp2;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// A conversation over HTTP/2.
final class Http2Conversation implements Conversation {
    /// A window that nothing here fills.
    private static final int LARGE = 1 << 30;

    private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
    private static final int END_STREAM = 1;

    private final RawHttp2 connection;
    private final Function<String, byte[]> requests;
    private final StringBuilder heard = new StringBuilder();
    private boolean isOver;

    /// @param requests how a request is written
    Http2Conversation(
            int port, String path, String type, String accept, Function<String, byte[]> requests)
            throws IOException {
        this.requests = requests;
        connection = RawHttp2.open(port, SETTINGS_INITIAL_WINDOW_SIZE, LARGE);
        connection.send(
                RawHttp2.windowUpdate(0, LARGE),
                RawHttp2.headers(
                        1,
                        false,
                        ":method",
                        "POST",
                        ":scheme",
                        "http",
                        ":path",
                        path,
                        ":authority",
                        "localhost",
                        "content-type",
                        type,
                        "accept",
                        accept,
                        "te",
                        "trailers"));
    }

    @Override
    public void say(String message) throws IOException {
        connection.send(RawHttp2.data(1, false, requests.apply(message)));
    }

    @Override
    public void endRequests() throws IOException {
        connection.send(RawHttp2.data(1, true));
    }

    @Override
    public String hear(String awaited) throws IOException {
        while (heard.indexOf(awaited) < 0) {
            if (isOver) {
                throw new EOFException("the answer is over: " + heard);
            }
            readFrame();
        }
        return heard.toString();
    }

    @Override
    public String hearOut() throws IOException {
        while (!isOver) {
            readFrame();
        }
        return heard.toString();
    }

    private void readFrame() throws IOException {
        var frame = connection.await(next -> next.is(RawHttp2.DATA) || next.is(RawHttp2.HEADERS));
        if (frame.is(RawHttp2.DATA)) {
            heard.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
        }
        isOver = (frame.flags() & END_STREAM) != 0;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
