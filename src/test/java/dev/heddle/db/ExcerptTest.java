package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Excerpt.Piece;
import org.junit.jupiter.api.Test;

final class ExcerptTest {
    @Test
    void marksBecomePieces() {
        assertThat(Excerpt.marked("a \u0001b\u0002 c \u0001d\u0002").pieces())
                .containsExactly(
                        new Piece("a ", false),
                        new Piece("b", true),
                        new Piece(" c ", false),
                        new Piece("d", true));
        assertThat(Excerpt.marked("\u0001b\u0002\u0001c\u0002").pieces())
                .containsExactly(new Piece("b", true), new Piece("c", true));
        assertThat(Excerpt.marked("").pieces()).isEmpty();
    }

    @Test
    void textIsCutBetweenCharacters() {
        var pieces = Excerpt.marked("😀".repeat(200) + "\u0001" + "😀".repeat(200)).pieces();

        assertThat(pieces)
                .containsExactly(
                        new Piece("😀".repeat(200), false), new Piece("😀".repeat(100), true));
    }

    @Test
    void beginningIsMarkedWithoutRegardToCase() {
        assertThat(Excerpt.ofPrefix("Ada@example.com", "aDA").pieces())
                .containsExactly(new Piece("Ada", true), new Piece("@example.com", false));
        assertThat(Excerpt.ofPrefix("ada", "adam").pieces())
                .containsExactly(new Piece("ada", false));
    }

    @Test
    void marksOfATextAreNone() {
        assertThat(Excerpt.of("a\u0001b\u0002").pieces()).containsExactly(new Piece("a b ", false));
    }
}
