package dev.heddle.notifications;

import dev.heddle.db.Database;
import dev.heddle.db.IdShelf;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Topics;
import dev.heddle.jobs.Jobs;
import dev.heddle.mail.Mailer;
import dev.heddle.notifications.v1.ListNotificationsRequest;
import dev.heddle.notifications.v1.ListNotificationsResponse;
import dev.heddle.notifications.v1.MarkNotificationReadRequest;
import dev.heddle.notifications.v1.Notification;
import dev.heddle.notifications.v1.Notification.EmailState;
import dev.heddle.notifications.v1.NotificationServiceGrpc;
import dev.heddle.notifications.v1.SendNotificationRequest;
import dev.heddle.notifications.v1.SendNotificationResponse;
import dev.heddle.notifications.v1.SendNotificationResponse.Failure;
import dev.heddle.notifications.v1.SendNotificationResponse.Success;
import dev.heddle.notifications.v1.WatchNotificationsRequest;
import dev.heddle.notifications.v1.WatchNotificationsResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.users.Directory;
import dev.heddle.users.v1.User;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Serves `heddle.notifications.v1.NotificationService`; what each method promises is in
/// `proto/heddle/notifications/v1/notifications.proto`.
public final class NotificationService implements Rpcs.Service {
    private final Database database;
    private final Feed feed;
    private final Jobs jobs;
    private final Directory directory;
    private final Mailer mailer;
    private final NotificationEvents events;
    private final Pages pages;
    private final Clock clock;
    private final NotificationStore store;
    private final Ids ids = new Ids();

    private NotificationService(
            Database database,
            Feed feed,
            Jobs jobs,
            Directory directory,
            Mailer mailer,
            NotificationStore store,
            PageTokens pageTokens,
            Clock clock) {
        this.database = database;
        this.feed = feed;
        this.directory = directory;
        this.jobs = jobs;
        this.mailer = mailer;
        this.events = new NotificationEvents(feed);
        this.pages = new Pages(pageTokens);
        this.clock = clock;
        this.store = store;
    }

    /// Starts to forget what users were told who are removed.
    ///
    /// @param jobs which send the e-mails, by a [NotificationEmailHandler]
    /// @param mailer where they go
    public static NotificationService start(
            Database database,
            Feed feed,
            EventHandlers handlers,
            Jobs jobs,
            Directory directory,
            Mailer mailer,
            PageTokens pageTokens,
            Clock clock)
            throws InterruptedException {
        var store = new NotificationStore();
        handlers.handle(
                "notifications",
                new Selection(Topics.of(Directory.TOPIC), Set.of(Directory.USER_DELETED), Set.of()),
                (event, db) -> store.deleteOf(db, event.key()));
        return new NotificationService(
                database, feed, jobs, directory, mailer, store, pageTokens, clock);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(NotificationServiceGrpc.getSendNotificationMethod(), this::send)
                .unary(NotificationServiceGrpc.getListNotificationsMethod(), this::list)
                .unary(NotificationServiceGrpc.getMarkNotificationReadMethod(), this::markRead)
                .serverStreaming(
                        NotificationServiceGrpc.getWatchNotificationsMethod(), this::watch);
    }

    SendNotificationResponse send(SendNotificationRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                SendNotificationResponse.parser(),
                db -> tell(db, request, call.caller().subject()));
    }

    ListNotificationsResponse list(ListNotificationsRequest request, Call call) {
        own(call).check(Ids.canonical(request.getUser()));
        var user = Ids.find(request.getUser());
        if (user.isEmpty()) {
            return ListNotificationsResponse.getDefaultInstance();
        }
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(
                                        call.rpc().contract().name(),
                                        user.get().toString(),
                                        Boolean.toString(request.getUnread()))),
                        IdShelf.newestFirst(
                                (before, limit) ->
                                        database.plain(db ->
                                                store.list(
                                                        db,
                                                        user.get(),
                                                        before,
                                                        request.getUnread(),
                                                        limit)),
                                Notification::getId));
        return ListNotificationsResponse.newBuilder()
                .addAllNotifications(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Notification markRead(MarkNotificationReadRequest request, Call call) {
        var id = Ids.find(request.getId()).orElseThrow(() -> notFound(request.getId()));
        return database.transaction(db -> {
            var present =
                    store.lock(db, id)
                            .filter(each -> own(call).reaches(each.getUser()))
                            .orElseThrow(() -> notFound(request.getId()));
            if (present.hasReadTime()) {
                return present;
            }
            var read = present.toBuilder().setReadTime(Times.now(clock)).build();
            store.read(db, read);
            events.read(read);
            return read;
        });
    }

    void watch(
            WatchNotificationsRequest request, Outbound<WatchNotificationsResponse> out, Call call)
            throws InterruptedException {
        own(call).check(Ids.canonical(request.getUser()));
        var watch = new NotificationWatch(store, UUID.fromString(request.getUser()));
        new StateStream<>(database, feed, watch.changes(), watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    private SendNotificationResponse tell(
            DbExecute db, SendNotificationRequest request, String sender) {
        var wanted = request.getUsersList();
        var users =
                directory.hold(
                        db, wanted.stream().map(Ids::find).flatMap(Optional::stream).toList());
        var response = SendNotificationResponse.newBuilder();
        var addressed = new ArrayList<NotificationStore.Addressed>();
        var told = new ArrayList<Success>();
        var template =
                Notification.newBuilder()
                        .setTitle(request.getTitle())
                        .setBody(request.getBody())
                        .setSender(sender)
                        .setCreateTime(Times.now(clock));
        if (request.getEmail()) {
            template.setEmailState(
                    mailer.isConfigured()
                            ? EmailState.EMAIL_STATE_PENDING
                            : EmailState.EMAIL_STATE_FAILED);
        }
        for (var id : wanted) {
            var user = find(users, id);
            if (user.isEmpty()) {
                response.addFailed(
                        Failure.newBuilder()
                                .setUser(id)
                                .setError(Directory.notFound(id).toStatus()));
                continue;
            }
            var notification =
                    template.clone().setId(ids.next()).setUser(user.get().getId()).build();
            addressed.add(
                    new NotificationStore.Addressed(
                            notification, request.getEmail() ? user.get().getEmail() : ""));
            told.add(
                    Success.newBuilder().setUser(id).setNotification(notification.getId()).build());
            events.created(notification);
        }
        if (addressed.isEmpty()) {
            return response.build();
        }
        store.insert(db, addressed);
        return request.getEmail()
                ? withEmails(db, told, response, sender)
                : response.addAllSucceeded(told).build();
    }

    /// Has the e-mails sent once the transaction is committed.
    private SendNotificationResponse withEmails(
            DbExecute db,
            List<Success> told,
            SendNotificationResponse.Builder response,
            String sender) {
        if (!mailer.isConfigured()) {
            var error = Mailer.notConfigured().toStatus();
            told.forEach(each ->
                    response.addFailed(
                            Failure.newBuilder()
                                    .setUser(each.getUser())
                                    .setNotification(each.getNotification())
                                    .setError(error)));
            return response.build();
        }
        var sending =
                jobs.enqueueAll(
                        db,
                        told.stream()
                                .map(each -> NotificationEmailHandler.job(each.getNotification()))
                                .toList(),
                        sender);
        for (var i = 0; i < sending.size(); i++) {
            response.addSucceeded(told.get(i).toBuilder().setJob(sending.get(i).getId()).build());
        }
        return response.build();
    }

    private static Optional<User> find(Map<UUID, User> users, String id) {
        return Ids.find(id).map(users::get);
    }

    private static Ownership own(Call call) {
        return Ownership.of(call, "notifications");
    }

    private static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no notification \"%s\"".formatted(id))
                .withReason("NOTIFICATION_NOT_FOUND", Map.of("id", id));
    }
}
