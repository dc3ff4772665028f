package dev.heddle.jobs;

import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.jobs.v1.Job;
import java.util.List;

/// Jobs a page at a time, the newest first.
final class JobPages {
    private static final String NEWEST_FIRST = "id desc";

    private final Database database;
    private final Pages pages;
    private final JobStore store = new JobStore();

    JobPages(Database database, PageTokens tokens) {
        this.database = database;
        this.pages = new Pages(tokens);
    }

    /// The jobs that somebody asked for; for empty text, all.
    static Condition createdBy(String creator) {
        return Condition.ownedBy("creator", creator);
    }

    /// @param only the jobs that are wanted
    /// @param parameters what must be the same for each page
    Pages.Page<Job> read(Condition only, int size, String token, List<String> parameters) {
        return pages.read(
                new Pages.Request(JobStore.COLUMNS, "", NEWEST_FIRST, size, token, parameters),
                (condition, keyset, limit) ->
                        database.plain(db -> store.list(db, only.and(condition), keyset, limit)));
    }
}
