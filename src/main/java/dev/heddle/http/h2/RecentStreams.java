package dev.heddle.http.h2;

/// The latest of a kind of streams, after they were forgotten.
final class RecentStreams {
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
