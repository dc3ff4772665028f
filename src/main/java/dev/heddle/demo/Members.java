package dev.heddle.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/// The people who have an account: they come, change something about themselves, and go.
final class Members {
    private static final int BATCH = 500;
    private static final int MOST = 100_000;

    private final Api api;
    private final People people;
    private final RandomGenerator random;
    private final Known ids;

    Members(Api api, People people, RandomGenerator random) {
        this.api = api;
        this.people = people;
        this.random = random;
        this.ids = new Known(random, MOST);
    }

    Known ids() {
        return ids;
    }

    /// Sees to it that there are so many.
    ///
    /// @param progress gets to know how many there are
    void fill(int wanted, IntConsumer progress) throws IOException, InterruptedException {
        ids.load(api, "/v1/users");
        while (ids.size() < wanted) {
            var batch = new ArrayList<String>();
            for (int i = 0; i < Math.min(BATCH, wanted - ids.size()); i++) {
                batch.add("{\"user\":" + people.next() + "}");
            }
            ids.addAll(
                    api.post(
                            "/v1/users:batchCreate",
                            "{\"requests\":[" + String.join(",", batch) + "]}"));
            progress.accept(ids.size());
        }
    }

    List<Errand> errands() {
        return List.of(
                new Errand(18, "users read", this::read),
                new Errand(5, "users listed", this::list),
                new Errand(4, "users changed", this::change),
                new Errand(3, "users joined", this::join),
                new Errand(1, "users left", this::leave));
    }

    private void read() throws IOException, InterruptedException {
        api.get("/v1/users/" + ids.any().orElseThrow());
    }

    private void list() throws IOException, InterruptedException {
        api.get("/v1/users?page_size=20&order_by=name");
    }

    private void change() throws IOException, InterruptedException {
        var state = random.nextInt(10) == 0 ? "STATE_SUSPENDED" : "STATE_ACTIVE";
        api.call("PATCH", "/v1/users/" + ids.any().orElseThrow(), "{\"state\":\"" + state + "\"}");
    }

    private void join() throws IOException, InterruptedException {
        Known.idIn(api.post("/v1/users", people.next())).ifPresent(ids::add);
    }

    /// Nobody asks for those who leave, as far as the demo knows.
    private void leave() throws IOException, InterruptedException {
        if (ids.size() > 1) {
            api.call("DELETE", "/v1/users/" + ids.take().orElseThrow(), "");
        }
    }
}
