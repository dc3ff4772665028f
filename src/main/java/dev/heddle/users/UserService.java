package dev.heddle.users;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import dev.heddle.async.BatchLoader;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Filter;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.db.UniqueViolationException;
import dev.heddle.feed.Feed;
import dev.heddle.feed.StateStream;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.Validation;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.BatchCreateUsersResponse;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.DeleteUserRequest;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.GetProfileRequest;
import dev.heddle.users.v1.GetUserRequest;
import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.ListUsersResponse;
import dev.heddle.users.v1.UpdateUserRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserProfile;
import dev.heddle.users.v1.UserServiceGrpc;
import dev.heddle.users.v1.WatchUsersRequest;
import dev.heddle.users.v1.WatchUsersResponse;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Serves `heddle.users.v1.UserService`; what each method promises is in
/// `proto/heddle/users/v1/users.proto`.
public final class UserService implements Rpcs.Service {
    private final Database database;
    private final Feed feed;
    private final UserEvents events;
    private final Pages pages;
    private final UserProfiles profiles;
    private final BatchLoader<UUID, User> users;
    private final Clock clock;
    private final UserStore store = new UserStore();
    private final Ids ids = new Ids();
    private final Validation validation = new Validation();

    public UserService(
            Database database,
            Feed feed,
            PageTokens pageTokens,
            UserProfiles profiles,
            BatchLoader.Settings lookups,
            Clock clock) {
        this.database = database;
        this.feed = feed;
        this.events = new UserEvents(feed);
        this.pages = new Pages(pageTokens);
        this.profiles = profiles;
        this.clock = clock;
        this.users =
                new BatchLoader<>(
                        "users", lookups, ids -> database.plain(db -> store.get(db, ids)));
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(UserServiceGrpc.getGetUserMethod(), this::get)
                .unary(UserServiceGrpc.getGetProfileMethod(), this::getProfile)
                .unary(UserServiceGrpc.getListUsersMethod(), this::list)
                .unary(UserServiceGrpc.getCreateUserMethod(), this::create)
                .unary(UserServiceGrpc.getBatchCreateUsersMethod(), this::batchCreate)
                .unary(UserServiceGrpc.getUpdateUserMethod(), this::update)
                .unary(UserServiceGrpc.getDeleteUserMethod(), this::delete)
                .serverStreaming(UserServiceGrpc.getExportUsersMethod(), this::export)
                .serverStreaming(UserServiceGrpc.getWatchUsersMethod(), this::watch);
    }

    User get(GetUserRequest request, Call call) {
        return find(request.getId());
    }

    UserProfile getProfile(GetProfileRequest request, Call call) {
        return profiles.of(find(request.getId()));
    }

    ListUsersResponse list(ListUsersRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Request(
                                UserStore.COLUMNS,
                                request.getFilter(),
                                request.getOrderBy(),
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name())),
                        (condition, keyset, limit) ->
                                database.plain(db -> store.list(db, condition, keyset, limit)));
        return ListUsersResponse.newBuilder()
                .addAllUsers(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    User create(CreateUserRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                User.parser(),
                db -> {
                    var user = created(request.getUser(), Times.now(clock));
                    if (!store.insert(db, user)) {
                        throw emailTaken(user.getEmail());
                    }
                    events.created(user);
                    return user;
                });
    }

    BatchCreateUsersResponse batchCreate(BatchCreateUsersRequest request, Call call) {
        RequestIds.checkNone(
                request.getRequestsList().stream().map(CreateUserRequest::getRequestId).toList());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                BatchCreateUsersResponse.parser(),
                db -> insert(db, request));
    }

    User update(UpdateUserRequest request, Call call) {
        var own = own(call);
        own.check(Ids.canonical(request.getUser().getId()));
        var id = UserIds.parse(request.getUser().getId());
        var update = UserUpdate.of(request, validation);
        try {
            return RequestIds.once(
                    database,
                    call,
                    request.getRequestId(),
                    request,
                    User.parser(),
                    db -> update(db, id, update, own));
        } catch (UniqueViolationException e) {
            throw e.constraint().equals(UserStore.EMAIL_KEY)
                    ? emailTaken(request.getUser().getEmail())
                    : e;
        }
    }

    Empty delete(DeleteUserRequest request, Call call) {
        own(call).check(Ids.canonical(request.getId()));
        var id = UserIds.parse(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    var user = lock(db, id, request.getEtag());
                    store.delete(db, id);
                    events.deleted(user);
                    return Empty.getDefaultInstance();
                });
    }

    void export(ExportUsersRequest request, Outbound<User> out, Call call) {
        var condition =
                Filter.parse(request.getFilter(), UserStore.COLUMNS)
                        .and(behind(request.getAfterId()));
        var _ =
                database.snapshot(db -> {
                    store.export(db, condition, out::send);
                    return condition;
                });
    }

    void watch(WatchUsersRequest request, Outbound<WatchUsersResponse> out, Call call)
            throws InterruptedException {
        var watch = UserWatch.of(request, store);
        new StateStream<>(database, feed, watch.changes(), watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    private User find(String text) {
        return users.load(UserIds.parse(text)).orElseThrow(() -> UserIds.notFound(text));
    }

    private BatchCreateUsersResponse insert(DbExecute db, BatchCreateUsersRequest request) {
        var time = Times.now(clock);
        var users =
                request.getRequestsList().stream()
                        .map(each -> created(each.getUser(), time))
                        .toList();
        var inserted = store.insert(db, users);
        var response = BatchCreateUsersResponse.newBuilder();
        for (int i = 0; i < users.size(); i++) {
            var user = users.get(i);
            if (inserted.contains(user.getId())) {
                response.addUsers(user);
                events.created(user);
            } else if (request.getReturnPartialSuccess()) {
                response.putFailedRequests(i, emailTaken(user.getEmail()).toStatus());
            } else {
                throw emailTaken(user.getEmail(), "requests[%d]: ".formatted(i));
            }
        }
        return response.build();
    }

    private User update(DbExecute db, UUID id, UserUpdate update, Ownership own) {
        var present = lock(db, id, update.values().getEtag());
        var changed =
                update.applyTo(present).toBuilder()
                        .setUpdateTime(Times.now(clock))
                        .setEtag(Etags.next(present.getEtag()))
                        .build();
        if (changed.getState() != present.getState() && !own.reachesAll()) {
            // or who is suspended would be so for as long as they like
            throw RpcException.missingScope(own.scope());
        }
        store.update(db, changed);
        events.updated(changed);
        return changed;
    }

    /// The user whom a write is about.
    ///
    /// @param etag the version that it must have; empty: any
    private User lock(DbExecute db, UUID id, String etag) {
        var user = store.lock(db, id).orElseThrow(() -> UserIds.notFound(id.toString()));
        Etags.check(etag, user.getEtag(), "the user");
        return user;
    }

    private static Ownership own(Call call) {
        return Ownership.of(call, "users");
    }

    private User created(User user, Timestamp time) {
        return User.newBuilder()
                .setId(ids.next())
                .setEmail(user.getEmail())
                .setName(user.getName())
                .setState(UserUpdate.orActive(user.getState()))
                .setCreateTime(time)
                .setUpdateTime(time)
                .setEtag(Etags.FIRST)
                .build();
    }

    private static Condition behind(String afterId) {
        if (afterId.isEmpty()) {
            return Condition.TRUE;
        }
        var id =
                Ids.find(afterId)
                        .orElseThrow(() ->
                                RpcException.invalidField(
                                        "after_id",
                                        "\"%s\" (expected: the id of a user)".formatted(afterId)));
        return new Condition("(id > CAST(:after_id AS uuid))", Map.of("after_id", id.toString()));
    }

    private static RpcException emailTaken(String email) {
        return emailTaken(email, "");
    }

    private static RpcException emailTaken(String email, String place) {
        return new RpcException(
                        Code.ALREADY_EXISTS,
                        "%sthe e-mail address \"%s\" is taken".formatted(place, email))
                .withReason("EMAIL_TAKEN", Map.of("email", email));
    }
}
