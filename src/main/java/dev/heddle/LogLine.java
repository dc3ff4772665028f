package dev.heddle;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

/// An event of the log as text: a line that begins with the time, and lines that begin with a tab.
/// What callers sent can be in it, so it holds no other control character, and no line of theirs
/// passes for an event.
final class LogLine extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
                    .withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord logged) {
        var event =
                "%s %-7s %s: %s%n%s"
                        .formatted(
                                TIME.format(Instant.ofEpochMilli(logged.getMillis())),
                                logged.getLevel().getName(),
                                logged.getLoggerName(),
                                formatMessage(logged),
                                trace(logged));
        var lines = event.lines().map(LogLine::visible).collect(Collectors.joining("\n\t"));
        return lines.replace("\n\t\t", "\n\t") + System.lineSeparator();
    }

    private static String visible(String line) {
        var visible = new StringBuilder(line.length());
        line.codePoints()
                .forEach(character -> {
                    if (isHarmless(character)) {
                        visible.appendCodePoint(character);
                    } else {
                        visible.append("\\u%04x".formatted(character));
                    }
                });
        return visible.toString();
    }

    private static boolean isHarmless(int character) {
        return character == '\t'
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR ->
                            false;
                    default -> true;
                };
    }

    private static String trace(LogRecord logged) {
        if (logged.getThrown() == null) {
            return "";
        }
        var text = new StringWriter();
        logged.getThrown().printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
