package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.EchoResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SharedTest {
    private static final AtomicInteger ENCODED = new AtomicInteger();

    private final Shared<EchoResponse> shared =
            Shared.of(EchoResponse.newBuilder().setMessage("a").build());

    /// A form with a value.
    private record Suffixed(String suffix) implements Shared.Form<EchoResponse, String> {
        @Override
        public String encode(EchoResponse message) {
            ENCODED.incrementAndGet();
            return message.getMessage() + suffix;
        }
    }

    @Test
    void equalFormsAreMadeOnce() throws IOException {
        ENCODED.set(0);

        assertThat(shared.in(new Suffixed("1"))).isEqualTo("a1");
        assertThat(shared.in(new Suffixed("2"))).isEqualTo("a2");
        assertThat(shared.in(new Suffixed("1"))).isEqualTo("a1");

        assertThat(ENCODED).hasValue(2);
    }

    @Test
    void formsBeyondTheBoundAreMadeAgain() throws IOException {
        for (var i = 0; i < Shared.MAX_FORMS; i++) {
            shared.in(new Suffixed("kept " + i));
        }
        ENCODED.set(0);

        shared.in(new Suffixed("kept 0"));
        shared.in(new Suffixed("other"));
        shared.in(new Suffixed("other"));

        assertThat(ENCODED).hasValue(2);
    }
}
