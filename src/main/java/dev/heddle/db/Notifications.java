package dev.heddle.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Listens to what other sessions `NOTIFY`, on a connection and a thread of its own. While there is
/// no connection notifications are lost: whoever listens must not rely on them.
public final class Notifications implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Notifications.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int WAIT_MILLIS = 10_000;

    private final Database.Settings settings;
    private final String channel;
    private final Consumer<String> listener;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Connection connection;

    private Notifications(Database.Settings settings, String channel, Consumer<String> listener) {
        this.settings = settings;
        this.channel = channel;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("heddle-listen-" + channel).unstarted(this::run);
    }

    /// Listens until it is closed.
    ///
    /// @param channel an SQL identifier
    /// @param listener is handed the payload of each notification; must not wait
    public static Notifications listen(
            Database.Settings settings, String channel, Consumer<String> listener) {
        var notifications = new Notifications(settings, channel, listener);
        notifications.thread.start();
        return notifications;
    }

    /// Ends the connection and waits for its thread.
    @Override
    public void close() {
        closing.countDown();
        abort();
        try {
            thread.join(RETRY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void abort() {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "a connection that is not needed any more", e);
        }
    }

    private void run() {
        var isOutage = false;
        while (!isClosed()) {
            try (var opened = connect()) {
                if (!adopt(opened)) {
                    return;
                }
                isOutage = false;
                listen(opened);
            } catch (SQLException e) {
                if (!isClosed() && !isOutage) {
                    isOutage = true;
                    LOGGER.log(Level.WARNING, "no notifications of other replicas for now", e);
                }
                pause();
            }
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.putAll(settings.driverProperties("heddle-listen"));
        properties.put("user", settings.username());
        properties.put("password", settings.password());
        return DriverManager.getConnection(settings.url(), properties);
    }

    private void listen(Connection opened) throws SQLException {
        try (var statement = opened.createStatement()) {
            statement.execute("LISTEN " + channel);
        }
        var session = opened.unwrap(PGConnection.class);
        while (!isClosed()) {
            for (var notification : session.getNotifications(WAIT_MILLIS)) {
                listener.accept(notification.getParameter());
            }
        }
    }

    /// Lets [#close] end a connection.
    ///
    /// @return whether it is still wanted
    private synchronized boolean adopt(Connection opened) {
        connection = opened;
        return !isClosed();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            var _ = closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
