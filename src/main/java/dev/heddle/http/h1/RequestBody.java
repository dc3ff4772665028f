package dev.heddle.http.h1;

import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.BodyTimeoutException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.http.carrier.BodyPace;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.h1.LineReader.BadLineException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/// The body of an HTTP/1.1 request, of a given length or in chunks, without the framing. Trailer
/// fields are dropped. One thread reads, which need not be the one that writes the response.
final class RequestBody extends InputStream {
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})([ \t]*;.*)?");
    private static final int MAX_CHUNK_LINE = 256;
    private static final int MAX_DISCARD = 64 * 1024;

    private final RequestHead head;
    private final ConnectionInput input;
    private final ConnectionOutput output;
    private final Settings settings;
    private final LineReader lines;
    private final ReentrantLock reader = new ReentrantLock();
    private final BodyPace pace;
    private Duration timeout;
    private long bound;
    // Of the body, or of the current chunk.
    private long left;
    private long received;
    private boolean betweenChunks;
    private volatile boolean finished;
    // What comes next on the connection is not known any more.
    private boolean broken;
    private boolean continueDue;
    private volatile boolean released;

    RequestBody(
            RequestHead head, ConnectionInput input, ConnectionOutput output, Settings settings) {
        this.head = head;
        this.input = input;
        this.output = output;
        this.settings = settings;
        this.lines = new LineReader(input, this::more);
        this.pace = new BodyPace(settings.minBodyRate());
        this.timeout = settings.bodyTimeout();
        this.bound = settings.maxBodySize();
        this.left = Math.max(0, head.length());
        this.finished = !head.hasBody();
        this.continueDue = head.expectsContinue();
    }

    void liftBound() {
        bound = Long.MAX_VALUE;
    }

    void liftPace() {
        pace.lift();
    }

    void liftTimeout() {
        pace.lift();
        timeout = Duration.ofNanos(Long.MAX_VALUE);
    }

    /// Whether all of it was taken from the connection, so that what follows is the next request.
    boolean isFinished() {
        return finished;
    }

    /// From now on nobody waits here.
    void release() {
        released = true;
        input.wake();
    }

    /// The response begins: the peer needn't be told to go on any more.
    synchronized void skipContinue() {
        continueDue = false;
    }

    /// Drops what has already arrived, if that is little and nobody else is reading it.
    void discardArrived() {
        if (reader.tryLock()) {
            try {
                discardUnread();
            } finally {
                reader.unlock();
            }
        }
    }

    private void discardUnread() {
        if (finished || isContinueDue() || broken) {
            return;
        }
        var patience = timeout;
        timeout = Duration.ZERO;
        try {
            var scrap = new byte[4096];
            var discarded = 0;
            while (!finished && discarded < MAX_DISCARD) {
                discarded += Math.max(0, read(scrap, 0, scrap.length));
            }
        } catch (IOException _) {
            // Not all of it has arrived, or it is malformed: either way it stays unfinished.
        } finally {
            timeout = patience;
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        reader.lock();
        try {
            if (finished || length == 0) {
                return finished ? -1 : 0;
            }
            if (broken) {
                throw new IOException("reading the body has failed before");
            }
            broken = true;
            var count = readOrThrow(target, offset, length);
            broken = false;
            return count;
        } finally {
            reader.unlock();
        }
    }

    private int readOrThrow(byte[] target, int offset, int length) throws IOException {
        checkBound(Math.max(0, head.length()));
        sendContinue();
        if (left == 0 && !nextChunk()) {
            return -1;
        }
        var count = 0;
        while ((count = input.poll(target, offset, (int) Math.min(length, left))) == 0) {
            if (!more(0)) {
                throw truncated();
            }
        }
        left -= count;
        received += count;
        finished = left == 0 && head.length() != RequestHead.CHUNKED;
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (betweenChunks && !line(0).isEmpty()) {
            throw new BodyMalformedException("a chunk is longer than its size");
        }
        betweenChunks = true;
        var size = CHUNK_SIZE.matcher(line(MAX_CHUNK_LINE));
        if (!size.matches()) {
            throw new BodyMalformedException("the size of a chunk is not a hexadecimal number");
        }
        left = Long.parseLong(size.group(1), 16);
        checkBound(received + left);
        if (left > 0) {
            return true;
        }
        skipTrailers();
        finished = true;
        return false;
    }

    private void skipTrailers() throws IOException {
        var room = settings.maxHeaderSize();
        var line = line(room);
        while (!line.isEmpty()) {
            room -= line.length() + 2;
            line = line(Math.max(0, room));
        }
    }

    private String line(int maxLength) throws IOException {
        try {
            return lines.next(maxLength);
        } catch (BadLineException _) {
            throw new BodyMalformedException("the chunks of the body are malformed");
        }
    }

    private void checkBound(long size) throws BodyTooLargeException {
        if (size > bound) {
            throw new BodyTooLargeException(bound);
        }
    }

    private synchronized boolean isContinueDue() {
        return continueDue;
    }

    private synchronized void sendContinue() throws IOException {
        if (continueDue) {
            continueDue = false;
            if (input.isEmpty()) {
                output.write(CONTINUE);
            }
        }
    }

    private boolean more(int seen) throws IOException {
        var patience = pace.patience(timeout, received);
        var start = System.nanoTime();
        try {
            return input.more(seen, patience, () -> released);
        } catch (BodyTimeoutException _) {
            throw pace.timeout(timeout, patience);
        } finally {
            pace.waited(System.nanoTime() - start);
        }
    }

    private static EOFException truncated() {
        return new EOFException("the peer ended in the middle of the body");
    }
}
