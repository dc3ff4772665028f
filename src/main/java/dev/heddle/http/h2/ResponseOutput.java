package dev.heddle.http.h2;

import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// The body of a response. Head, body and trailers of a small one go out as one piece.
final class ResponseOutput extends OutputStream {
    private static final int SMALLEST = 256;
    private static final int LARGEST = 16 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final ConnectionWriter writer;
    private final SendState stream;
    private final boolean hasBody;
    private Optional<ResponseHead> head;
    private Headers trailers = Headers.empty();
    private byte[] buffer = NOTHING;
    private int buffered;
    private boolean ended;

    /// @param hasBody false to drop what is written
    ResponseOutput(ConnectionWriter writer, SendState stream, ResponseHead head, boolean hasBody) {
        this.writer = writer;
        this.stream = stream;
        this.head = Optional.of(head);
        this.hasBody = hasBody;
    }

    void trailers(Headers fields) {
        fields.forEach(ResponseHead::check);
        trailers = fields;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (ended) {
            throw new IOException("the response is complete");
        }
        if (!hasBody) {
            return;
        }
        if (buffered + length > LARGEST) {
            sendBuffered(false);
        }
        if (length >= LARGEST) {
            send(bytes, offset, length, false);
        } else {
            append(bytes, offset, length);
        }
    }

    /// Hands everything to the connection; it waits only if that is congested.
    @Override
    public void flush() throws IOException {
        if (!ended && (buffered > 0 || head.isPresent())) {
            sendBuffered(!hasBody);
        }
    }

    /// Completes the response.
    @Override
    public void close() throws IOException {
        if (!ended) {
            sendBuffered(true);
        }
    }

    /// Sends all that is left with a last array, which is not copied before.
    void close(byte[] bytes) throws IOException {
        send(bytes, 0, hasBody ? bytes.length : 0, true);
    }

    private void append(byte[] bytes, int offset, int length) {
        var needed = buffered + length;
        if (needed > buffer.length) {
            var size = Math.max(needed, Math.max(SMALLEST, 2 * buffer.length));
            buffer = Arrays.copyOf(buffer, Math.min(LARGEST, size));
        }
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered = needed;
    }

    private void sendBuffered(boolean last) throws IOException {
        var length = buffered;
        buffered = 0;
        if (length > 0 || last || head.isPresent()) {
            send(buffer, 0, length, last);
        }
    }

    private void send(byte[] bytes, int offset, int length, boolean last) throws IOException {
        var first = head;
        head = Optional.empty();
        ended |= last;
        writer.send(stream, first, bytes, offset, length, last, last ? trailers : Headers.empty());
    }
}
