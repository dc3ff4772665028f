package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentDispositionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    a b.txt    | attachment; filename="a b.txt"
                    ^^         | attachment
                    x".txt     | attachment; filename="x_.txt"; filename*=UTF-8''x%22.txt
                    100%.txt   | attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt
                    caf\u00e9 | attachment; filename="caf_"; filename*=UTF-8''caf%C3%A9
                    \u20ac;\u00e9 | attachment; filename="_;_"; filename*=UTF-8''%E2%82%AC%3B%C3%A9
                    """)
    void nameIsWrittenSoThatItCantBeMistaken(String name, String field) {
        assertThat(ContentDisposition.attachment(name)).isEqualTo(field);
        if (!name.isEmpty()) {
            assertThat(ContentDisposition.fileName(field)).contains(name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    form-data; name="f"; filename="C:\\dir\\a.txt"    | C:\\dir\\a.txt
                    form-data; name="f"; filename="a%22b%0D%0A"       | ^a"b\r\n^
                    form-data; name="f"; filename="a\\"b; c"          | a"b; c
                    form-data; name=f; filename=plain.txt             | plain.txt
                    form-data; name=f; filename="a"; filename*=UTF-8''%e2%82%ac | \u20ac
                    form-data; name=f; filename="a"; filename*=UTF-8''%zz | a
                    """)
    void nameInAFormIsReadAsBrowsersWriteIt(String field, String name) {
        assertThat(ContentDisposition.fileNameOfPart(field)).contains(name);
    }
}
