package dev.heddle.db;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A statement that reads the rows of some ids, however many.
///
/// Each id is a parameter of its own, and the last is repeated until they are a power of two: a few
/// texts serve any number of ids, and the server keeps their plans. For one array it would plan
/// anew each time, as its length is nothing that a plan for all of them could count on.
public final class IdQuery {
    private static final String IDS = ":ids";

    private final String name;
    private final String sql;
    private final Map<Integer, String> texts = new ConcurrentHashMap<>();

    /// @param name its name in metrics
    /// @param sql its text, with `IN (:ids)` and no other parameters
    public IdQuery(String name, String sql) {
        if (!sql.contains("IN (" + IDS + ")")) {
            throw new IllegalArgumentException("%s (expected: IN (%s))".formatted(sql, IDS));
        }
        this.name = name;
        this.sql = sql;
    }

    /// The query for the rows of some ids.
    ///
    /// @param ids in any order, at most 32,768; none: no rows
    public Query of(Collection<UUID> ids) {
        var places = ids.isEmpty() ? 0 : Integer.highestOneBit(2 * ids.size() - 1);
        var parameters = HashMap.<String, Object>newHashMap(places);
        for (var id : ids) {
            parameters.put(name(parameters.size()), id);
        }
        while (parameters.size() < places) {
            parameters.put(name(parameters.size()), ids.iterator().next());
        }
        return new Query(name, texts.computeIfAbsent(places, this::text), parameters);
    }

    private String text(int places) {
        var list =
                IntStream.range(0, places)
                        .mapToObj(place -> ":" + name(place))
                        .collect(Collectors.joining(", "));
        return sql.replace(IDS, places == 0 ? "NULL" : list);
    }

    private static String name(int place) {
        return "id" + place;
    }
}
