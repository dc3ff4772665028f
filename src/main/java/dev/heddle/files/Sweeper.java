package dev.heddle.files;

import dev.heddle.db.Database;
import dev.heddle.files.v1.File;

/// Deletes files that have expired, and removes the bytes that no file has (any more). Its
/// transactions are short, however large a file is. Replicas may do it at the same time: none waits
/// for what another has taken.
record Sweeper(Database database, FileStore files, ContentStore contents, FileEvents events) {
    private static final int FILES_A_TURN = 100;

    /// Removes what there is to be removed.
    ///
    /// @return how many files had expired
    long sweep() {
        var files = 0L;
        var deleted = FILES_A_TURN;
        while (deleted == FILES_A_TURN) {
            deleted = deleteExpired();
            files += deleted;
        }
        while (removeOrphan()) {}
        return files;
    }

    private int deleteExpired() {
        return database.transaction(db -> {
            var expired = files.deleteExpired(db, FILES_A_TURN);
            if (!expired.isEmpty()) {
                contents.orphan(db, expired.stream().map(File::getId).toList());
                expired.forEach(events::deleted);
            }
            return expired.size();
        });
    }

    /// @return whether there may be more
    private boolean removeOrphan() {
        return database.transaction(db -> {
            var due = contents.due(db);
            due.ifPresent(id -> contents.remove(db, id));
            return due.isPresent();
        });
    }
}
