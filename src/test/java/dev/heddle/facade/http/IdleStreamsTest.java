package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.IdleStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class IdleStreamsTest {
    private static final int STREAMS = 2000;

    /// 20 KB is the aim, which holds once the code is compiled: frames of code that is interpreted
    /// take several times the room, and here most of it is. A buffer that is kept shows even so.
    private static final long MAX_BYTES_EACH = 32_000;

    @Test
    void streamThatIsIdleAgainTakesLittle() {
        var result = IdleStreams.measure(STREAMS, 2);

        assertThat(result.bytesEach()).as(result.histogram()).isLessThan(MAX_BYTES_EACH);
    }
}
