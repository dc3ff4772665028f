package dev.heddle.facade;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds the names that someone may have meant who wrote another.
final class NearestNames {
    private static final int MAX_RESULTS = 3;

    private NearestNames() {}

    /// At most three names that differ little, nearest first.
    static List<String> of(String name, Collection<String> candidates) {
        var tolerance = Math.max(1, name.length() / 3);
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= tolerance)
                .filter(candidate -> distance(name, candidate) <= tolerance)
                .sorted(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .limit(MAX_RESULTS)
                .toList();
    }

    /// The edit distance (Levenshtein), without regard to case.
    private static int distance(String left, String right) {
        var a = left.toLowerCase(Locale.ROOT);
        var b = right.toLowerCase(Locale.ROOT);
        var costs = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            costs[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var diagonal = costs[0];
            costs[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(change, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[b.length()];
    }
}
