package dev.heddle.feed;

import dev.heddle.db.Participant;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.List;

/// The events of one transaction. They are written last, when the transaction holds all its locks:
/// so of two that wait for each other, the one that commits first has the lower ids.
final class Publication implements Participant {
    private final FeedStore store;
    private final Runnable onCommit;
    private final List<NewEvent> events = new ArrayList<>();

    Publication(FeedStore store, Runnable onCommit) {
        this.store = store;
        this.onCommit = onCommit;
    }

    void add(NewEvent event) {
        events.add(event);
    }

    @Override
    public void beforeCommit(DbExecute db) {
        store.insert(db, events);
    }

    @Override
    public void afterCommit() {
        onCommit.run();
    }
}
