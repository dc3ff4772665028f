package dev.heddle.http.h2;

import java.util.Arrays;

/// The latest of a kind of streams, after they were forgotten.
final class RecentStreams {
    private static final int SIZE = 512;

    private int[] ids = new int[0];
    private int next;

    synchronized void add(int streamId) {
        if (next == ids.length) {
            ids = Arrays.copyOf(ids, Math.min(SIZE, Math.max(8, 2 * next)));
        }
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
