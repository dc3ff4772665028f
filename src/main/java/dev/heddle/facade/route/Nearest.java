package dev.heddle.facade.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds what somebody who made a slip probably meant.
public final class Nearest {
    private static final int LIMIT = 3;
    private static final int LONGEST = 128;

    private Nearest() {}

    /// The candidates that come nearest to a text, at most three, nearest first; none where all are
    /// far. The case of letters and underscores don't count, so that `userId` is near `user_id`.
    public static List<String> to(String text, Collection<String> candidates) {
        var given = normalize(text);
        int farthest = Math.max(2, given.length() / 3);
        return candidates.stream()
                .distinct()
                .map(candidate -> new Scored(candidate, distance(given, normalize(candidate))))
                .filter(scored -> scored.distance <= farthest)
                .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
                .limit(LIMIT)
                .map(Scored::candidate)
                .toList();
    }

    private record Scored(String candidate, int distance) {}

    private static String normalize(String text) {
        var bounded = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        return bounded.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /// The Levenshtein distance.
    private static int distance(String a, String b) {
        var before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(now[j - 1], before[j]) + 1);
            }
            before = now;
        }
        return before[b.length()];
    }
}
