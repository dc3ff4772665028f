package dev.heddle.http.websocket;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses one message (RFC 7692, section 7.2.2), piece by piece, so that a small message that
/// would become a huge one is found out before it does.
final class Inflation implements AutoCloseable {
    /// The end of the last block, which a sender leaves out.
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Inflater inflater = new Inflater(true);
    private final byte[] inflated = new byte[8 * 1024];
    private final Sink sink;

    /// Takes what was decompressed.
    @FunctionalInterface
    interface Sink {
        void take(byte[] piece, int length) throws IOException;
    }

    Inflation(Sink sink) {
        this.sink = sink;
    }

    void inflate(byte[] piece, int length) throws IOException {
        inflater.setInput(piece, 0, length);
        try {
            while (!inflater.needsInput() || inflater.finished()) {
                var count = inflater.inflate(inflated);
                if (count > 0) {
                    sink.take(inflated, count);
                } else if (!goesOn(piece, length)) {
                    break;
                }
            }
            drain();
        } catch (DataFormatException _) {
            throw WebSocketException.malformedCompression();
        }
    }

    /// Notes that the message is complete.
    void end() throws IOException {
        inflate(TAIL, TAIL.length);
    }

    @Override
    public void close() {
        inflater.end();
    }

    /// Behind a block that says it is the last, another may follow (section 7.2.3.5).
    private boolean goesOn(byte[] piece, int length) throws DataFormatException {
        if (inflater.needsDictionary()) {
            throw new DataFormatException("a preset dictionary");
        }
        if (!inflater.finished()) {
            return false;
        }
        var left = inflater.getRemaining();
        inflater.reset();
        inflater.setInput(piece, length - left, left);
        return left > 0;
    }

    /// What the last input still yields.
    private void drain() throws DataFormatException, IOException {
        for (var count = inflater.inflate(inflated);
                count > 0;
                count = inflater.inflate(inflated)) {
            sink.take(inflated, count);
        }
    }
}
