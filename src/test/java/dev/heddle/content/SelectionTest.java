package dev.heddle.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectionTest {
    private static final String TAG = "\"a\"";

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-9, 0, 9",
        "bytes=3-, 3, 9",
        "bytes=3-99, 3, 9",
        "bytes=-1, 9, 9",
        "bytes=-99, 0, 9",
        "Bytes = 2-4, 2, 4",
        "bytes=0-99999999999999999999999, 0, 9",
        "bytes=-99999999999999999999999, 0, 9"
    })
    void rangeSelectsWhatThereIsOfIt(String range, long first, long last) {
        assertThat(wish(range)).isEqualTo(new Selection.Part(first, last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=5-4",
                "bytes=0-1,4-5",
                "lines=0-1",
                "bytes=0-1-2",
                "bytes=--1"
            })
    void whatIsNoSingleRangeSelectsAll(String range) {
        assertThat(wish(range)).isEqualTo(new Selection.Whole());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=10-", "bytes=10-10", "bytes=99999999999999999999999-", "bytes=-0"})
    void rangeWithoutAByteOfTheContentIsRefused(String range) {
        var failure = catchThrowableOfType(RpcException.class, () -> wish(range));

        assertThat(failure.code()).isEqualTo(Code.OUT_OF_RANGE);
        assertThat(failure.reason()).contains(ContentFailures.RANGE_NOT_SATISFIABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "'\"a\"', true",
        "'\"b\"', false",
        "'W/\"a\"', false",
        "'Sat, 21 Nov 2026 12:00:00 GMT', false"
    })
    void rangeCountsIfTheTagIsThatOfTheContent(String ifRange, boolean counts) {
        assertThat(new Selection.Wish("bytes=0-1", ifRange, "").of(TAG, 10))
                .isEqualTo(counts ? new Selection.Part(0, 1) : new Selection.Whole());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"a\"', true",
        "'W/\"a\"', true",
        "'\"b\", \"a\"', true",
        "*, true",
        "'\"b\"', false",
        "a, false",
        "'', false"
    })
    void contentThatTheCallerHasIsUnchanged(String ifNoneMatch, boolean has) {
        assertThat(new Selection.Wish("", "", ifNoneMatch).of(TAG, 10))
                .isEqualTo(has ? new Selection.Unchanged() : new Selection.Whole());
    }

    private static Selection wish(String range) {
        return new Selection.Wish(range, "", "").of(TAG, 10);
    }
}
