package dev.heddle.files;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.heddle.db.Database;
import dev.heddle.db.Ids;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.files.v1.UploadFileRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Begins files that the gateway itself writes.
public final class FileDrafts {
    private final FileDraft.Desk desk;
    private final Ids ids = new Ids();

    public FileDrafts(Database database, Feed feed, Settings settings, Clock clock) {
        this.desk =
                new FileDraft.Desk(
                        database,
                        new FileStore(),
                        new ContentStore(),
                        new FileEvents(feed),
                        settings,
                        clock);
    }

    /// Begins a file.
    ///
    /// @param name for people
    /// @param contentType its media type
    /// @param owner whose it is said to be
    /// @param ttl after which it goes
    /// @return to be closed
    public FileDraft begin(String name, String contentType, String owner, Duration ttl) {
        var expireTime =
                Timestamps.add(Times.now(desk.clock()), Durations.fromMillis(ttl.toMillis()));
        var announcement =
                new Announcement(
                        UploadFileRequest.getDefaultInstance(),
                        FileNames.of(name),
                        contentType,
                        Optional.of(expireTime));
        var writer =
                new ContentWriter(
                        desk.database(),
                        desk.contents(),
                        ids.next(),
                        desk.settings().uploadTimeout(),
                        () -> {}); // nobody sends, whose wait could end
        return new FileDraft(desk, announcement, writer, owner);
    }
}
