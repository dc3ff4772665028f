package dev.heddle;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// Sends the log to the standard error, a line an event.
final class Logging {
    private static final Map<String, Level> LEVELS =
            Map.of(
                    "ERROR", Level.SEVERE,
                    "WARNING", Level.WARNING,
                    "INFO", Level.INFO,
                    "DEBUG", Level.FINE,
                    "TRACE", Level.FINER);

    /// Those who say at INFO what only their developers want to know.
    private static final List<String> CHATTY =
            List.of(
                    "io.helidon",
                    "com.zaxxer.hikari",
                    "org.flywaydb",
                    "io.grpc",
                    "com.github.kagkarlsson");

    /// Loggers live only as long as somebody holds them.
    private static final List<Logger> HELD = CHATTY.stream().map(Logger::getLogger).toList();

    private static final Logger ACCESS = Logger.getLogger("dev.heddle.access");
    private static final Logger AUDIT = Logger.getLogger("dev.heddle.audit");
    private static final Logger ROOT = Logger.getLogger("");

    private Logging() {}

    /// @throws Configuration.InvalidException for a level that doesn't exist
    static void configure(Configuration configuration) {
        var level = LEVELS.get(configuration.string("log.level"));
        if (level == null) {
            throw new Configuration.InvalidException(
                    "log.level: \"%s\" (expected: ERROR, WARNING, INFO, DEBUG or TRACE)"
                            .formatted(configuration.string("log.level")));
        }
        LogManager.getLogManager().reset();
        ROOT.setLevel(level);
        ROOT.addHandler(handler());
        ACCESS.setLevel(configuration.flag("log.access") ? Level.INFO : Level.OFF);
        AUDIT.setLevel(configuration.flag("log.audit") ? Level.INFO : Level.OFF);
        var auditFile = configuration.string("log.audit-file");
        if (!auditFile.isEmpty()) {
            AUDIT.setUseParentHandlers(false);
            AUDIT.addHandler(AuditFile.open(Path.of(auditFile)));
        }
        if (level.intValue() >= Level.INFO.intValue()) {
            HELD.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }

    private static Handler handler() {
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new LogLine());
        return handler;
    }
}
