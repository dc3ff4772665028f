package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// One stream as its client sees it.
final class ModelStream {
    final int id;
    final Path path;
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /// How much may still be sent.
    int window = Frame.DEFAULT_WINDOW;

    /// By how much the client has opened the window of the answer.
    long credit;

    boolean requestEnded;
    boolean resetByClient;
    boolean answered;
    int status;
    Optional<Integer> resetByServer = Optional.empty();

    /// What it has to be reset with, for what the client did; empty if it did no wrong.
    Set<ErrorCode> faults = EnumSet.noneOf(ErrorCode.class);

    /// What answers a request, and how.
    enum Path {
        /// All that was sent, in the end.
        ECHO,
        /// All that was sent, as it comes, and trailers.
        PASS,
        /// A word, before the request is complete.
        EARLY,
        /// [#BIG_SIZE] bytes, when the request is complete.
        BIG,
        /// Nothing, ever.
        HOLD
    }

    static final int BIG_SIZE = 100_000;
    static final String EARLY_ANSWER = "early";

    ModelStream(int id, Path path) {
        this.id = id;
        this.path = path;
    }

    /// Whether the client may still send parts of the request.
    boolean isOpen() {
        return !requestEnded && !resetByClient && faults.isEmpty();
    }

    /// Whether the server owes an answer to it, and can't have given one.
    boolean isSurelyUnanswered() {
        return isOpen() && (path == Path.ECHO || path == Path.PASS || path == Path.BIG);
    }

    boolean owesAnswer() {
        return !resetByClient && faults.isEmpty() && path != Path.HOLD;
    }

    /// Whether nothing more is expected.
    boolean isOver() {
        if (resetByClient) {
            return true;
        }
        return faults.isEmpty() ? answered || path == Path.HOLD : resetByServer.isPresent();
    }

    void checkOutcome() {
        if (resetByClient) {
            return;
        }
        if (!faults.isEmpty()) {
            assertThat(resetByServer).as("reset of %s", this).isPresent();
        }
        if (owesAnswer()) {
            assertThat(answered).as("an answer to %s", this).isTrue();
            assertThat(status).as("status of %s", this).isEqualTo(200);
            assertThat(received.size())
                    .as("length of the answer to %s", this)
                    .isEqualTo(expected().length);
            assertThat(received.toByteArray()).as("the answer to %s", this).isEqualTo(expected());
        }
    }

    /// Checks that the server may reset it so.
    void checkReset(int code) {
        assertThat(resetByServer).as("earlier reset of %s", this).isEmpty();
        var allowed = EnumSet.noneOf(ErrorCode.class);
        allowed.addAll(faults);
        if (path == Path.EARLY && answered) {
            allowed.add(ErrorCode.NO_ERROR);
        }
        assertThat(allowed.stream().map(ErrorCode::value))
                .as("codes (%s) that %s may be reset with", allowed, this)
                .contains(code);
    }

    private byte[] expected() {
        return switch (path) {
            case ECHO, PASS -> sent.toByteArray();
            case EARLY -> EARLY_ANSWER.getBytes(StandardCharsets.US_ASCII);
            case BIG -> big();
            case HOLD -> new byte[0];
        };
    }

    static byte[] big() {
        var bytes = new byte[BIG_SIZE];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return "stream %d to %s (%d sent%s%s, answer: status %d, %d bytes%s, reset %s, faults %s)"
                .formatted(
                        id,
                        path,
                        sent.size(),
                        requestEnded ? ", ended" : "",
                        resetByClient ? ", given up" : "",
                        status,
                        received.size(),
                        answered ? ", ended" : "",
                        resetByServer,
                        faults);
    }
}
