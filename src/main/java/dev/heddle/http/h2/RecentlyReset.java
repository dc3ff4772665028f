package dev.heddle.http.h2;

/// The streams that were reset last, whose frames may still be on their way.
final class RecentlyReset {
    private static final int SIZE = 512;

    private final int[] ids = new int[SIZE];
    private int next;

    synchronized void add(int streamId) {
        ids[next] = streamId;
        next = (next + 1) % SIZE;
    }

    synchronized boolean contains(int streamId) {
        for (var id : ids) {
            if (id == streamId) {
                return true;
            }
        }
        return false;
    }
}
