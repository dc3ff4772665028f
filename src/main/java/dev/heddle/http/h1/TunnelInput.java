package dev.heddle.http.h1;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// What arrives on a connection that speaks another protocol: read by one thread, which waits for
/// it as long as it takes.
final class TunnelInput extends InputStream {
    private final ConnectionInput input;

    TunnelInput(ConnectionInput input) {
        this.input = input;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        var count = 0;
        while ((count = input.poll(target, offset, length)) == 0) {
            if (!input.more(0)) {
                return -1;
            }
        }
        return count;
    }
}
