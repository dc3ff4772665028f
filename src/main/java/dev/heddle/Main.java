package dev.heddle;

import dev.heddle.chat.ChatService;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.diagnostics.DiagnosticsService;
import dev.heddle.events.EventService;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.prices.PriceService;
import dev.heddle.rpc.Rpcs;
import dev.heddle.source.Sources;
import dev.heddle.users.UserProfiles;
import dev.heddle.users.UserService;
import java.time.Clock;
import picocli.CommandLine;

/// The entry of the program, and the list of the services that it serves.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new HeddleCommand())
                        .setExecutionExceptionHandler(new FailureReport())
                        .execute(arguments));
    }

    /// The services: a new one is a line here.
    static Rpcs.Builder services(
            Database database,
            Feed feed,
            EventHandlers handlers,
            PageTokens pageTokens,
            Sources sources,
            Sections sections,
            Clock clock) {
        return Rpcs.builder()
                .add(
                        new UserService(
                                database,
                                feed,
                                pageTokens,
                                new UserProfiles(sources, sections.profiles()),
                                clock))
                .add(new EventService(database, feed, handlers, pageTokens))
                .add(ChatService.start(database, feed, pageTokens, sections.chat()))
                .add(new PriceService(sources, sections.prices()))
                .add(new DiagnosticsService(clock));
    }
}
