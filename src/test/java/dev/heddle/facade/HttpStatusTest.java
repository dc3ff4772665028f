package dev.heddle.facade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpStatusTest {
    @ParameterizedTest
    @EnumSource(Code.class)
    void codesHaveTheStatusThatTheirProtoGives(Code code) {
        // google/rpc/code.proto, "HTTP Mapping", by the number of the code
        int[] expected = {
            200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401
        };

        assertThat(HttpStatus.of(code)).isEqualTo(expected[code.value()]);
    }

    @ParameterizedTest
    @CsvSource({
        "RESOURCE_EXHAUSTED, OVERLOADED, 503",
        "RESOURCE_EXHAUSTED, QUOTA, 429",
        "RESOURCE_EXHAUSTED, BODY_TOO_LARGE, 413",
        "UNIMPLEMENTED, METHOD_NOT_ALLOWED, 405"
    })
    void reasonsCountBeforeCodes(Code code, String reason, int status) {
        var failure = new RpcException(code, "no").withReason(reason);

        assertThat(HttpStatus.of(failure)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1000, 1", "1001, 2"})
    void retryAfterIsRoundedUp(long millis, String seconds) {
        var failure =
                new RpcException(Code.UNAVAILABLE, "no").withRetryAfter(Duration.ofMillis(millis));

        assertThat(HttpStatus.headers(failure).first("retry-after")).contains(seconds);
    }

    @Test
    void callersWithoutCredentialsAreAskedForThem() {
        var headers = HttpStatus.headers(new RpcException(Code.UNAUTHENTICATED, "no"));

        assertThat(headers.first("www-authenticate")).contains("Bearer");
        assertThat(headers.first("retry-after")).isEmpty();
    }
}
