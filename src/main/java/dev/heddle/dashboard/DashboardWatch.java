package dev.heddle.dashboard;

import com.google.protobuf.util.Durations;
import dev.heddle.dashboard.v1.WatchDashboardResponse;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.feed.v1.Bye;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import java.time.Duration;
import java.util.List;

/// Tells one watcher the dashboard, and each time that it has become another.
final class DashboardWatch {
    private final Outbound<WatchDashboardResponse> out;
    private final Duration bookmarkInterval;
    private String token;

    /// @param token of the dashboard that the watcher has; empty if it has none
    /// @param bookmarkInterval how long the stream may be silent
    DashboardWatch(Outbound<WatchDashboardResponse> out, String token, Duration bookmarkInterval) {
        this.out = out;
        this.token = token;
        this.bookmarkInterval = bookmarkInterval;
    }

    /// Begins with a dashboard, and streams until the call ends.
    ///
    /// @throws RpcException UNAVAILABLE, reason `STOPPING`, after it has said goodbye; the call's
    ///   cancellation
    void run(LiveBoard.Watcher watcher, Board first) throws InterruptedException {
        var known = first.number();
        if (!isNews(first)) {
            say(message().setBookmark(Bookmark.getDefaultInstance()));
        }
        while (!watcher.isStopping()) {
            var next = watcher.next(known, bookmarkInterval);
            if (next.isPresent()) {
                known = next.get().number();
                var _ = isNews(next.get());
            } else if (!watcher.isStopping()) {
                say(message().setBookmark(Bookmark.getDefaultInstance()));
            }
        }
        sayGoodbye();
    }

    /// Sends a dashboard, unless the watcher has it.
    private boolean isNews(Board board) {
        if (board.token().equals(token)) {
            return false;
        }
        token = board.token();
        out.sendAll(List.of(board.told()));
        return true;
    }

    private void sayGoodbye() {
        var retryAfter = LiveStream.retryAfter();
        say(
                message()
                        .setBye(
                                Bye.newBuilder()
                                        .setRetryAfter(
                                                Durations.fromMillis(retryAfter.toMillis()))));
        throw RpcException.stopping(retryAfter);
    }

    private void say(WatchDashboardResponse.Builder message) {
        out.send(message.build());
    }

    private WatchDashboardResponse.Builder message() {
        return WatchDashboardResponse.newBuilder().setToken(token);
    }
}
