package dev.heddle.reports;

import dev.heddle.feed.Topics;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The reports that there are.
enum Kind {
    SALES("sales", "Sales"),
    INVENTORY("inventory", "Inventory"),
    USERS("users", "Users");

    private final String text;
    private final String title;

    Kind(String text, String title) {
        this.text = text;
        this.title = title;
    }

    /// @throws RpcException NOT_FOUND, reason `REPORT_NOT_FOUND`
    static Kind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> notFound(text));
    }

    /// What callers call it.
    String text() {
        return text;
    }

    /// What its readers call it.
    String title() {
        return title;
    }

    /// What tells of all changes to what its statistics are about.
    Topics topics() {
        return switch (this) {
            case SALES -> Topics.of("orders");
            case INVENTORY -> Topics.of("products");
            case USERS -> new Topics(Set.of("users", "orders"), List.of());
        };
    }

    private static RpcException notFound(String text) {
        var known = Arrays.stream(values()).map(Kind::text).collect(Collectors.joining(", "));
        return new RpcException(
                        Code.NOT_FOUND, "no report \"%s\" (expected: %s)".formatted(text, known))
                .withReason("REPORT_NOT_FOUND", Map.of("kind", text, "known", known));
    }
}
