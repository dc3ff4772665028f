package dev.heddle.search;

import dev.heddle.search.v1.Hit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Merges lists of hits by reciprocal rank. What a source thinks of its hits is not comparable with
/// what another thinks of its own, so only their places count.
///
/// @see <a href="https://doi.org/10.1145/1571941.1572114">Reciprocal rank fusion outperforms
///   Condorcet and individual rank learning methods</a>
final class Ranking {
    /// Of the paper: it keeps the first places from outdoing all others.
    private static final int SMOOTHING = 60;

    private Ranking() {}

    /// The best hits of all lists, with their scores. What scores the same stays in the order of
    /// the lists, and so the answer is the same each time.
    static List<Hit> merge(List<List<Hit>> lists, int limit) {
        return lists.stream()
                .flatMap(Ranking::scored)
                .sorted(Comparator.comparingDouble(Hit::getScore).reversed())
                .limit(limit)
                .toList();
    }

    private static Stream<Hit> scored(List<Hit> hits) {
        return IntStream.range(0, hits.size())
                .mapToObj(i -> hits.get(i).toBuilder().setScore(1.0 / (SMOOTHING + 1 + i)).build());
    }
}
