package dev.heddle.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Live traffic: reads, lists, changes, newcomers and leavers in the proportions of a directory of
/// people.
final class Traffic {
    private static final Pattern ID = Pattern.compile("\"id\":\\s*\"([^\"]+)\"");
    private static final int MAX_IN_FLIGHT = 64;

    private final Api api;
    private final People people;
    private final RandomGenerator random;
    private final List<String> ids = new ArrayList<>();
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong busyNanos = new AtomicLong();
    private volatile String lastFailure = "";

    Traffic(Api api, People people, RandomGenerator random) {
        this.api = api;
        this.people = people;
        this.random = random;
    }

    /// Creates people in batches.
    void fill(int count) throws IOException, InterruptedException {
        var batch = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            batch.add("{\"user\":" + people.next() + "}");
        }
        var answer =
                api.call(
                        "POST",
                        "/v1/users:batchCreate",
                        "{\"requests\":[" + String.join(",", batch) + "]}");
        ID.matcher(answer).results().forEach(match -> remember(match.group(1)));
    }

    /// Makes one call on a thread of its own; waits only while too many are under way.
    void step() throws InterruptedException {
        inFlight.acquire();
        Thread.startVirtualThread(() -> {
            var start = System.nanoTime();
            try {
                act();
            } catch (IOException e) {
                failures.incrementAndGet();
                lastFailure = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                busyNanos.addAndGet(System.nanoTime() - start);
                calls.incrementAndGet();
                inFlight.release();
            }
        });
    }

    /// Waits until no call is under way.
    void awaitIdle() throws InterruptedException {
        inFlight.acquire(MAX_IN_FLIGHT);
        inFlight.release(MAX_IN_FLIGHT);
    }

    private void act() throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        if (dice < 50) {
            api.call("GET", "/v1/users/" + anyone(), "");
        } else if (dice < 70) {
            api.call("GET", "/v1/users?page_size=20&order_by=name", "");
        } else if (dice < 85) {
            var state = random.nextInt(10) == 0 ? "STATE_SUSPENDED" : "STATE_ACTIVE";
            api.call("PATCH", "/v1/users/" + anyone(), "{\"state\":\"" + state + "\"}");
        } else if (dice < 95) {
            var created = ID.matcher(api.call("POST", "/v1/users", people.next()));
            if (created.find()) {
                remember(created.group(1));
            }
        } else {
            api.call("DELETE", "/v1/users/" + leaver(), "");
        }
    }

    private synchronized void remember(String id) {
        ids.add(id);
    }

    private synchronized String anyone() {
        return ids.get(random.nextInt(ids.size()));
    }

    /// Takes somebody out before they leave, so that hardly any call asks for one who has left.
    private synchronized String leaver() {
        return ids.size() > 1 ? ids.remove(random.nextInt(ids.size())) : ids.getFirst();
    }

    synchronized int people() {
        return ids.size();
    }

    /// What has happened so far, in one line.
    String summary() {
        var made = calls.get();
        var failed = failures.get();
        return "%,d people, %,d calls, %.1f ms each%s"
                .formatted(
                        people(),
                        made,
                        made == 0 ? 0.0 : busyNanos.get() / 1e6 / made,
                        failed == 0
                                ? ""
                                : ", %,d failed, the last one: %s".formatted(failed, lastFailure));
    }
}
