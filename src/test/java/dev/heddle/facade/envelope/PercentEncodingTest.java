package dev.heddle.facade.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PercentEncodingTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "no such user,no such user",
                " @)(,%20@)(",
                "done ,done%20",
                " ,%20",
                "  a  ,%20 a %20",
                "50 %,50 %25",
                "zwölf,zw%C3%B6lf"
            })
    void messageBecomesTheValueOfAField(String text, String value) {
        assertThat(PercentEncoding.encode(text)).isEqualTo(value);
    }
}
