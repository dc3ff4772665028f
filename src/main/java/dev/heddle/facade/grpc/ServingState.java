package dev.heddle.facade.grpc;

/// Whether a gateway takes calls, for those who ask and those who watch. Not serving at first.
public final class ServingState {
    private boolean serving;

    public synchronized void set(boolean serving) {
        this.serving = serving;
        notifyAll();
    }

    public synchronized boolean isServing() {
        return serving;
    }

    /// Waits until the state is another than the one that is known, and returns it.
    synchronized boolean awaitOtherThan(boolean known) throws InterruptedException {
        while (serving == known) {
            wait();
        }
        return serving;
    }
}
