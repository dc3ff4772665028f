package dev.heddle.chat;

/// How long the pages of lists are.
final class Pages {
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 1000;

    private Pages() {}

    static int size(int wanted) {
        return wanted == 0 ? DEFAULT_SIZE : Math.min(wanted, MAX_SIZE);
    }
}
