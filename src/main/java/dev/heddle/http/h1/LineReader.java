package dev.heddle.http.h1;

import java.io.EOFException;
import java.io.IOException;

/// Takes lines from a connection, each ended by CR and LF.
final class LineReader {
    private final ConnectionInput input;
    private final Source source;

    /// Where more bytes come from.
    @FunctionalInterface
    interface Source {
        /// Waits for bytes that the caller does not know of.
        ///
        /// @param seen how many bytes the caller knows of
        /// @return false when there are no more
        boolean more(int seen) throws IOException;
    }

    /// A line that is too long, or not ended as it should be.
    static final class BadLineException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean tooLong;

        private BadLineException(String message, boolean tooLong) {
            super(message);
            this.tooLong = tooLong;
        }

        boolean isTooLong() {
            return tooLong;
        }
    }

    LineReader(ConnectionInput input, Source source) {
        this.input = input;
        this.source = source;
    }

    /// The next line without its end, one character a byte. It may hold anything but LF.
    ///
    /// @throws EOFException when the peer ends before the line does
    String next(int maxLength) throws IOException {
        var end = input.indexOf((byte) '\n', 0);
        while (end < 0) {
            var seen = ~end;
            if (seen > maxLength + 1) {
                throw new BadLineException("line too long", true);
            }
            if (!source.more(seen)) {
                throw new EOFException("the peer ended in the middle of a line");
            }
            end = input.indexOf((byte) '\n', seen);
        }
        if (end - 1 > maxLength) {
            throw new BadLineException("line too long", true);
        }
        var line = input.pollText(end + 1);
        if (end == 0 || line.charAt(end - 1) != '\r') {
            throw new BadLineException("line feed without carriage return", false);
        }
        return line.substring(0, end - 1);
    }
}
