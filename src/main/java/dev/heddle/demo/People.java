package dev.heddle.demo;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Makes up people: the same ones for the same seed, but for the mark in their addresses.
final class People {
    private static final List<String> GIVEN =
            List.of(
                    "Ada",
                    "Alan",
                    "Barbara",
                    "Chinua",
                    "Dorothy",
                    "Edsger",
                    "Frances",
                    "Grace",
                    "Hedy",
                    "Ingrid",
                    "Jean",
                    "Katherine",
                    "Leslie",
                    "Margaret",
                    "Niklaus",
                    "Olga",
                    "Paul",
                    "Radia",
                    "Shafi",
                    "Tim",
                    "Ursula",
                    "Yukihiro");
    private static final List<String> FAMILY =
            List.of(
                    "Achebe",
                    "Allen",
                    "Berners",
                    "Byron",
                    "Dahl",
                    "Franklin",
                    "Goldwasser",
                    "Hamilton",
                    "Hopper",
                    "Johnson",
                    "Lamport",
                    "Liskov",
                    "Lovelace",
                    "Matsumoto",
                    "Okafor",
                    "Perlman",
                    "Turing",
                    "Vaughan",
                    "Wirth",
                    "Zhang");

    private final RandomGenerator random;
    private final String mark;
    private int count;

    /// @param mark tells the addresses of this run from those of others
    People(RandomGenerator random, String mark) {
        this.random = random;
        this.mark = mark;
    }

    /// Someone new, as the JSON of a user.
    synchronized String next() {
        var given = GIVEN.get(random.nextInt(GIVEN.size()));
        var family = FAMILY.get(random.nextInt(FAMILY.size()));
        return """
        {"name":"%s %s","email":"%s.%s.%s%d@example.com"}\
        """
                .formatted(
                        given,
                        family,
                        given.toLowerCase(Locale.ROOT),
                        family.toLowerCase(Locale.ROOT),
                        mark,
                        count++);
    }
}
