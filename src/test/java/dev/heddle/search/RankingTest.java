package dev.heddle.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.search.v1.Hit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RankingTest {
    @Test
    void bestOfEachListComesFirstInTheOrderOfTheLists() {
        var merged =
                Ranking.merge(
                        List.of(hits("a1", "a2", "a3"), hits(), hits("b1"), hits("c1", "c2")), 5);

        assertThat(merged).extracting(Hit::getId).containsExactly("a1", "b1", "c1", "a2", "c2");
        assertThat(merged)
                .extracting(Hit::getScore)
                .containsExactly(1.0 / 61, 1.0 / 61, 1.0 / 61, 1.0 / 62, 1.0 / 62);
    }

    private static List<Hit> hits(String... ids) {
        return Stream.of(ids).map(id -> Hit.newBuilder().setId(id).build()).toList();
    }
}
