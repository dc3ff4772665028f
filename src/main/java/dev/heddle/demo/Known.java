package dev.heddle.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The ids of things of one kind that the demo knows of, the most that it was told to keep.
final class Known {
    private static final Pattern ID = Pattern.compile("\"id\":\\s*\"([^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"nextPageToken\":\\s*\"([^\"]+)\"");

    private final RandomGenerator random;
    private final int most;
    private final List<String> ids = new ArrayList<>();

    Known(RandomGenerator random, int most) {
        this.random = random;
        this.most = most;
    }

    /// The first id in an answer.
    static Optional<String> idIn(String answer) {
        return ID.matcher(answer).results().findFirst().map(match -> match.group(1));
    }

    /// Learns all ids in an answer.
    void addAll(String answer) {
        ID.matcher(answer).results().forEach(match -> add(match.group(1)));
    }

    /// Learns what a list has, as far as there is room.
    ///
    /// @param list such as `/v1/users`
    void load(Api api, String list) throws IOException, InterruptedException {
        var page = api.get(list + "?page_size=1000");
        addAll(page);
        for (var next = NEXT.matcher(page);
                next.find() && size() < most;
                next = NEXT.matcher(page)) {
            page = api.get(list + "?page_size=1000&page_token=" + next.group(1));
            addAll(page);
        }
    }

    synchronized void add(String id) {
        if (ids.size() < most) {
            ids.add(id);
        } else {
            ids.set(random.nextInt(ids.size()), id);
        }
    }

    /// One of them, at random.
    synchronized Optional<String> any() {
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
    }

    /// One of them, at random, which nobody else gets then.
    synchronized Optional<String> take() {
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(ids.remove(random.nextInt(ids.size())));
    }

    synchronized int size() {
        return ids.size();
    }
}
