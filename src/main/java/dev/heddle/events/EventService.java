package dev.heddle.events;

import com.google.protobuf.Empty;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.events.v1.BatchPublishRequest;
import dev.heddle.events.v1.BatchPublishResponse;
import dev.heddle.events.v1.DeleteParkedEventRequest;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.GetTopicRequest;
import dev.heddle.events.v1.ListParkedEventsRequest;
import dev.heddle.events.v1.ListParkedEventsResponse;
import dev.heddle.events.v1.ListTopicsRequest;
import dev.heddle.events.v1.ListTopicsResponse;
import dev.heddle.events.v1.ParkedEvent;
import dev.heddle.events.v1.PublishRequest;
import dev.heddle.events.v1.PublishResponse;
import dev.heddle.events.v1.RetryParkedEventRequest;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.events.v1.Topic;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Topics;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Serves `heddle.events.v1.EventService`; what each method promises is in
/// `proto/heddle/events/v1/events.proto`.
public final class EventService implements Rpcs.Service {
    private final Database database;
    private final Feed feed;
    private final EventHandlers handlers;
    private final OwnedTopics owned;
    private final Pages pages;

    /// @param owned the topics of other services
    public EventService(
            Database database,
            Feed feed,
            EventHandlers handlers,
            OwnedTopics owned,
            PageTokens pageTokens) {
        this.database = database;
        this.feed = feed;
        this.handlers = handlers;
        this.owned = owned;
        this.pages = new Pages(pageTokens);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(EventServiceGrpc.getPublishMethod(), this::publish)
                .unary(EventServiceGrpc.getBatchPublishMethod(), this::batchPublish)
                .serverStreaming(EventServiceGrpc.getSubscribeMethod(), this::subscribe)
                .unary(EventServiceGrpc.getGetTopicMethod(), this::getTopic)
                .unary(EventServiceGrpc.getListTopicsMethod(), this::listTopics)
                .unary(EventServiceGrpc.getListParkedEventsMethod(), this::listParked)
                .unary(EventServiceGrpc.getRetryParkedEventMethod(), this::retryParked)
                .unary(EventServiceGrpc.getDeleteParkedEventMethod(), this::deleteParked);
    }

    PublishResponse publish(PublishRequest request, Call call) {
        owned.checkPublisher(request.getEvent().getTopic(), call.caller());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                PublishResponse.parser(),
                db -> {
                    var before = feed.now();
                    feed.publish(toNewEvent(request.getEvent()));
                    return PublishResponse.newBuilder().setToken(before.toString()).build();
                });
    }

    BatchPublishResponse batchPublish(BatchPublishRequest request, Call call) {
        RequestIds.checkNone(
                request.getRequestsList().stream().map(PublishRequest::getRequestId).toList());
        request.getRequestsList()
                .forEach(each -> owned.checkPublisher(each.getEvent().getTopic(), call.caller()));
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                BatchPublishResponse.parser(),
                db -> {
                    var before = feed.now();
                    request.getRequestsList()
                            .forEach(each -> feed.publish(toNewEvent(each.getEvent())));
                    return BatchPublishResponse.newBuilder().setToken(before.toString()).build();
                });
    }

    void subscribe(SubscribeRequest request, Outbound<SubscribeResponse> out, Call call)
            throws InterruptedException {
        try (var cursor =
                feed.open(
                        selection(request, call.caller()),
                        start(request),
                        call.caller().subject())) {
            var stream = feed.stream(cursor, new EventWords(request.getCoalesce()));
            stream.greet(out);
            while (true) {
                stream.run(out, call);
            }
        }
    }

    Topic getTopic(GetTopicRequest request, Call call) {
        owned.checkReader(request.getName(), call.caller());
        return feed.topic(request.getName())
                .map(EventService::toMessage)
                .orElseThrow(() ->
                        new RpcException(
                                        Code.NOT_FOUND,
                                        "topic \"%s\" has no events".formatted(request.getName()))
                                .withReason("TOPIC_NOT_FOUND"));
    }

    ListTopicsResponse listTopics(ListTopicsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name())),
                        new TopicShelf(feed));
        var withheld = owned.withheldFrom(call.caller());
        var response = ListTopicsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().stream()
                .filter(topic -> !withheld.contains(topic.name()))
                .map(EventService::toMessage)
                .forEach(response::addTopics);
        return response.build();
    }

    ListParkedEventsResponse listParked(ListParkedEventsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), request.getHandler())),
                        new ParkedShelf(handlers, request.getHandler()));
        var response = ListParkedEventsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().stream().map(EventService::toMessage).forEach(response::addEvents);
        return response.build();
    }

    Empty retryParked(RetryParkedEventRequest request, Call call) {
        handlers.retry(request.getHandler(), request.getPosition());
        return Empty.getDefaultInstance();
    }

    Empty deleteParked(DeleteParkedEventRequest request, Call call) {
        handlers.delete(request.getHandler(), request.getPosition());
        return Empty.getDefaultInstance();
    }

    private static NewEvent toNewEvent(Event event) {
        return new NewEvent(
                event.getTopic(), event.getType(), event.getKey(), Payloads.of(event.getPayload()));
    }

    private Selection selection(SubscribeRequest request, Caller caller) {
        var topics =
                Stream.concat(Stream.of(request.getTopic()), request.getTopicsList().stream())
                        .filter(topic -> !topic.isEmpty())
                        .toList();
        if (topics.isEmpty()) {
            throw RpcException.invalidField("topic", "no topic (expected: one, or * for all)");
        }
        var parsed = Topics.parse(topics, "topics");
        parsed.names().forEach(name -> owned.checkReader(name, caller));
        return new Selection(
                parsed,
                Set.copyOf(request.getTypesList()),
                Set.copyOf(request.getKeysList()),
                owned.withheldFrom(caller));
    }

    private static Start start(SubscribeRequest request) {
        return request.getFrom().isEmpty() && request.getLast() > 0
                ? new Start.Last(request.getLast())
                : Start.parse(request.getFrom(), "from");
    }

    private static Topic toMessage(Feed.Topic topic) {
        var message =
                Topic.newBuilder()
                        .setName(topic.name())
                        .setHead(topic.last().token().toString())
                        .setHeadTime(topic.last().time())
                        .setFloor(topic.first().token().toString())
                        .setFloorTime(topic.first().time());
        topic.eventsPerSecond().ifPresent(message::setEventsPerSecond);
        return message.build();
    }

    private static ParkedEvent toMessage(dev.heddle.feed.ParkedEvent parked) {
        return ParkedEvent.newBuilder()
                .setHandler(parked.handler())
                .setEvent(EventWords.toMessage(parked.event()))
                .setError(parked.error())
                .setAttempts(parked.attempts())
                .setParkTime(parked.time())
                .build();
    }
}
