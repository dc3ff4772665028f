package dev.heddle.db.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Keeps a server process running: one that dies without having been asked to is followed by
/// another on the same port, so that connection pools find it again. It gives up on one that dies
/// again and again.
final class Supervisor {
    private static final Logger LOGGER = System.getLogger(Supervisor.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration STABLE = Duration.ofMinutes(1);
    private static final int MAX_RESTARTS = 6;

    private final Launcher launcher;
    private final Thread thread;
    private volatile Launcher.Server server;

    private Supervisor(Launcher launcher, Launcher.Server server) {
        this.launcher = launcher;
        this.server = server;
        this.thread = Thread.ofVirtual().name("heddle-postgres").unstarted(this::supervise);
    }

    /// Starts the server process, and looks after it from then on.
    static Supervisor start(Launcher launcher) throws IOException, InterruptedException {
        var server = launcher.launch(launcher.settings().port());
        var supervisor = new Supervisor(launcher, server);
        supervisor.thread.start();
        return supervisor;
    }

    Launcher.Server server() {
        return server;
    }

    /// Stops the server process; the watchdog does, if this is interrupted.
    void stop() throws IOException, InterruptedException {
        try {
            thread.interrupt();
            thread.join();
            launcher.postmaster().stop(launcher.settings().stopTimeout());
            server.watchdog().close();
        } catch (InterruptedException e) {
            server.watchdog().release();
            throw e;
        }
    }

    private void supervise() {
        try {
            var restarts = 0;
            while (restarts < MAX_RESTARTS) {
                restarts = awaitDeath().compareTo(STABLE) > 0 ? 0 : restarts;
                Thread.sleep(Duration.ofSeconds(restarts));
                restart();
                restarts++;
            }
            LOGGER.log(
                    Level.ERROR,
                    "PostgreSQL dies again and again and is not started any more; see {0}",
                    launcher.postmaster().log().path());
        } catch (InterruptedException e) {
            LOGGER.log(Level.DEBUG, "PostgreSQL is no longer supervised: it is being stopped");
        }
    }

    /// How long it lived from now on.
    private Duration awaitDeath() throws InterruptedException {
        var start = System.nanoTime();
        while (PostmasterFile.isRunning(server.process())) {
            Thread.sleep(LOOK_EVERY);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void restart() throws InterruptedException {
        var died = server;
        died.watchdog().close();
        try {
            server = launcher.launch(died.port());
            LOGGER.log(
                    Level.WARNING,
                    "PostgreSQL (process {0,number,#}) died and was started again (process {1,number,#})",
                    died.process().pid(),
                    server.process().pid());
        } catch (IOException | EmbeddedPostgresException e) {
            LOGGER.log(Level.ERROR, "PostgreSQL died and could not be started again", e);
        }
    }
}
