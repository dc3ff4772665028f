package dev.heddle.http.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Compresses messages (RFC 7692, section 7.2.1), each by itself: a compressor that is kept for the
/// next message takes a quarter of a megabyte for as long as its socket is open.
final class Deflation {
    /// Below this, in bytes, compression costs more than it saves.
    static final int MIN_SIZE = 1024;

    /// The end of the last block, which is left out.
    private static final int TAIL_SIZE = 4;

    /// A buffer of a few bytes would be filled for ever: zlib repeats the end of a flush that did
    /// not fit.
    private static final int PIECE_SIZE = 8 * 1024;

    private Deflation() {}

    static byte[] deflate(byte[] message) {
        var deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(message);
            var bytes = new ByteArrayOutputStream();
            var piece = new byte[PIECE_SIZE];
            var count = piece.length;
            while (count == piece.length) {
                count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
                bytes.write(piece, 0, count);
            }
            return Arrays.copyOf(bytes.toByteArray(), bytes.size() - TAIL_SIZE);
        } finally {
            deflater.end();
        }
    }
}
