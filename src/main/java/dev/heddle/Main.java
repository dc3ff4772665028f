package dev.heddle;

import static java.util.Map.entry;

import dev.heddle.activity.ActivityService;
import dev.heddle.activity.RetentionHandler;
import dev.heddle.activity.RollupHandler;
import dev.heddle.async.CpuPool;
import dev.heddle.async.Leases;
import dev.heddle.catalog.CatalogService;
import dev.heddle.catalog.Stock;
import dev.heddle.chat.ChatService;
import dev.heddle.dashboard.DashboardService;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.diagnostics.DiagnosticsService;
import dev.heddle.documents.DocumentService;
import dev.heddle.emails.EmailHandler;
import dev.heddle.events.EventService;
import dev.heddle.events.OwnedTopics;
import dev.heddle.exports.ExportHandler;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.files.FileDrafts;
import dev.heddle.files.FileService;
import dev.heddle.files.FileSweepHandler;
import dev.heddle.identity.Identity;
import dev.heddle.identity.IdentityService;
import dev.heddle.jobs.JobDefinition;
import dev.heddle.jobs.JobService;
import dev.heddle.jobs.Jobs;
import dev.heddle.jobs.OperationService;
import dev.heddle.jobs.Schedule;
import dev.heddle.jobs.SleepHandler;
import dev.heddle.jobs.v1.Job;
import dev.heddle.mail.Mailer;
import dev.heddle.notifications.NotificationEmailHandler;
import dev.heddle.notifications.NotificationService;
import dev.heddle.orders.Ledger;
import dev.heddle.orders.OrderService;
import dev.heddle.posts.PostService;
import dev.heddle.prices.PriceService;
import dev.heddle.reports.ReportService;
import dev.heddle.rpc.Rpcs;
import dev.heddle.search.SearchService;
import dev.heddle.source.Sources;
import dev.heddle.users.Directory;
import dev.heddle.users.UserProfiles;
import dev.heddle.users.UserService;
import dev.heddle.webhooks.WebhookHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import picocli.CommandLine;

/// The entry of the program, and the list of the services that it serves.
public final class Main {
    /// What looks after the gateway's own tables is for operators to ask for.
    private static final String UPKEEP = "jobs.admin";

    /// The topics of the services, and the scopes to read them. One that tells of many people's own
    /// data is for those who may see everybody's.
    private static final OwnedTopics OWNED_TOPICS =
            new OwnedTopics(
                    Map.ofEntries(
                            entry("users", "users.read"),
                            entry("documents.*", "documents.read"),
                            entry("posts.*", "posts.read"),
                            entry("products", "catalog.read"),
                            entry("orders", "orders.admin"),
                            entry("jobs", "jobs.admin"),
                            entry("files", "files.admin"),
                            entry("notifications.*", "notifications.admin"),
                            entry("activity", "activity.admin"),
                            entry("chat.*", "chat.read"),
                            entry("identity", "identity.admin"),
                            entry("chat-user.*", "events.admin")));

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
            Jobs jobs,
            PageTokens pageTokens,
            Sources sources,
            CpuPool processors,
            Mailer mailer,
            Identity identity,
            Sections sections,
            Clock clock)
            throws InterruptedException {
        var directory = new Directory();
        return Rpcs.builder()
                .add(
                        new UserService(
                                database,
                                feed,
                                pageTokens,
                                new UserProfiles(sources, sections.profiles()),
                                sections.lookups(),
                                clock))
                .add(new DocumentService(database, feed, pageTokens, clock))
                .add(new EventService(database, feed, handlers, OWNED_TOPICS, pageTokens))
                .add(ChatService.start(database, feed, pageTokens, sections.chat()))
                .add(new CatalogService(database, feed, pageTokens, sections.lookups(), clock))
                .add(
                        new OrderService(
                                database,
                                feed,
                                new Stock(feed, clock),
                                new Ledger(database, clock),
                                new Leases(database, "orders"),
                                sections.orders(),
                                pageTokens,
                                clock))
                .add(FileService.start(database, feed, pageTokens, sections.files(), clock))
                .add(new PriceService(sources, sections.prices()))
                .add(new JobService(database, feed, jobs, pageTokens))
                .add(new OperationService(database, feed, jobs, pageTokens))
                .add(new DashboardService(database, feed, sections.dashboard(), clock))
                .add(new ReportService(database, feed, processors, sections.reports(), clock))
                .add(new PostService(database, feed, directory, pageTokens, clock))
                .add(new SearchService(database, directory, sources, sections.search()))
                .add(
                        NotificationService.start(
                                database,
                                feed,
                                handlers,
                                jobs,
                                directory,
                                mailer,
                                pageTokens,
                                clock))
                .add(ActivityService.start(database, feed, handlers, directory, pageTokens, clock))
                .add(new IdentityService(identity, pageTokens, clock))
                .add(new DiagnosticsService(clock));
    }

    /// The work that is done in the background: a new type, or a schedule, is a line here.
    static Jobs jobs(
            Jobs jobs,
            Database database,
            Feed feed,
            Mailer mailer,
            Sections sections,
            Clock clock) {
        var webhooks = new WebhookHandler(sections.webhooks(), clock);
        var exports =
                new ExportHandler(
                        database,
                        new FileDrafts(database, feed, sections.files(), clock),
                        sections.exports(),
                        clock);
        var retention = new RetentionHandler(database, sections.activity(), clock);
        var rollup = new RollupHandler(database, clock);
        return jobs.add(
                        JobDefinition.of("sleep", new SleepHandler())
                                .withCheck(SleepHandler::check))
                .add(JobDefinition.of("webhook", webhooks).withCheck(webhooks::check))
                .add(
                        JobDefinition.of("email", new EmailHandler(mailer))
                                .withCheck(EmailHandler::check)
                                .withConcurrency(mailer.concurrency()))
                .add(
                        JobDefinition.of(
                                        NotificationEmailHandler.TYPE,
                                        new NotificationEmailHandler(database, mailer))
                                .withCheck(NotificationEmailHandler::check)
                                .withConcurrency(mailer.concurrency()))
                .add(
                        JobDefinition.of("export", exports)
                                .withCheck(exports::check)
                                .withScope(exports::scope)
                                .withConcurrency(2)
                                .withTimeout(Duration.ofHours(1)))
                .add(
                        JobDefinition.of("file-sweep", new FileSweepHandler(database, feed))
                                .withCheck(FileSweepHandler::check)
                                .withScope(UPKEEP))
                .add(
                        JobDefinition.of("activity-log", retention)
                                .withCheck(RetentionHandler::check)
                                .withScope(UPKEEP))
                .add(
                        JobDefinition.of("analytics-rollup", rollup)
                                .withCheck(rollup::check)
                                .withScope(UPKEEP))
                .add(schedule("file-sweep", "7 * * * *"))
                .add(schedule("activity-log", "23 3 * * *"))
                .add(schedule("analytics-rollup", "11 * * * *"));
    }

    /// Has one gateway of all do a job of a type again and again.
    private static Schedule schedule(String type, String cron) {
        return new Schedule(type, cron, ZoneOffset.UTC, Job.newBuilder().setType(type).build());
    }
}
