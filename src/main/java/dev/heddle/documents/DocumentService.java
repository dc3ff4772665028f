package dev.heddle.documents;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.documents.v1.CreateDocumentRequest;
import dev.heddle.documents.v1.DeleteDocumentRequest;
import dev.heddle.documents.v1.Document;
import dev.heddle.documents.v1.DocumentServiceGrpc;
import dev.heddle.documents.v1.GetDocumentRequest;
import dev.heddle.documents.v1.ListCollectionsRequest;
import dev.heddle.documents.v1.ListCollectionsResponse;
import dev.heddle.documents.v1.ListDocumentsRequest;
import dev.heddle.documents.v1.ListDocumentsResponse;
import dev.heddle.documents.v1.ReplaceDocumentRequest;
import dev.heddle.documents.v1.UpdateDocumentRequest;
import dev.heddle.documents.v1.WatchDocumentsRequest;
import dev.heddle.documents.v1.WatchDocumentsResponse;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.StateStream;
import dev.heddle.feed.Topics;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Serves `heddle.documents.v1.DocumentService`; what each method promises is in
/// `proto/heddle/documents/v1/documents.proto`.
public final class DocumentService implements Rpcs.Service {
    /// An event must hold it.
    private static final int MAX_BYTES = 128 << 10;

    private final Database database;
    private final Feed feed;
    private final Pages pages;
    private final Clock clock;
    private final DocumentStore store = new DocumentStore();
    private final DocumentEvents events;
    private final Ids ids = new Ids();

    public DocumentService(Database database, Feed feed, PageTokens pageTokens, Clock clock) {
        this.database = database;
        this.feed = feed;
        this.pages = new Pages(pageTokens);
        this.clock = clock;
        this.events = new DocumentEvents(feed);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(DocumentServiceGrpc.getCreateDocumentMethod(), this::create)
                .unary(DocumentServiceGrpc.getGetDocumentMethod(), this::get)
                .unary(DocumentServiceGrpc.getListDocumentsMethod(), this::list)
                .unary(DocumentServiceGrpc.getUpdateDocumentMethod(), this::update)
                .unary(DocumentServiceGrpc.getReplaceDocumentMethod(), this::replace)
                .unary(DocumentServiceGrpc.getDeleteDocumentMethod(), this::delete)
                .unary(DocumentServiceGrpc.getListCollectionsMethod(), this::listCollections)
                .serverStreaming(DocumentServiceGrpc.getWatchDocumentsMethod(), this::watch);
    }

    Document create(CreateDocumentRequest request, Call call) {
        checkSize(request.getContent());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Document.parser(),
                db -> {
                    var document = created(request);
                    if (!store.insert(db, document)) {
                        throw new RpcException(
                                        Code.ALREADY_EXISTS,
                                        "collection \"%s\" has a document \"%s\""
                                                .formatted(
                                                        document.getCollection(), document.getId()))
                                .withReason("DOCUMENT_EXISTS", Map.of("id", document.getId()));
                    }
                    events.publish(DocumentEvents.CREATED, document);
                    return document;
                });
    }

    Document get(GetDocumentRequest request, Call call) {
        return database.plain(db -> store.get(db, request.getCollection(), request.getId()))
                .orElseThrow(() -> notFound(request.getCollection(), request.getId()));
    }

    ListDocumentsResponse list(ListDocumentsRequest request, Call call) {
        var filter = ContainmentFilter.of(request.getFilter());
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(
                                        call.rpc().contract().name(),
                                        request.getCollection(),
                                        request.getFilter())),
                        shelf(
                                (db, after, limit) ->
                                        store.list(
                                                db, request.getCollection(), after, filter, limit),
                                Document::getId));
        return ListDocumentsResponse.newBuilder()
                .addAllDocuments(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Document update(UpdateDocumentRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Document.parser(),
                db ->
                        write(
                                db,
                                lock(
                                        db,
                                        request.getCollection(),
                                        request.getId(),
                                        request.getEtag()),
                                content -> MergePatch.apply(content, request.getPatch())));
    }

    Document replace(ReplaceDocumentRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Document.parser(),
                db ->
                        write(
                                db,
                                lock(
                                        db,
                                        request.getCollection(),
                                        request.getId(),
                                        request.getEtag()),
                                _ -> request.getContent()));
    }

    Empty delete(DeleteDocumentRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    var document =
                            lock(db, request.getCollection(), request.getId(), request.getEtag());
                    store.delete(db, document.getCollection(), document.getId());
                    events.publish(DocumentEvents.DELETED, document);
                    return Empty.getDefaultInstance();
                });
    }

    ListCollectionsResponse listCollections(ListCollectionsRequest request, Call call) {
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name())),
                        shelf(store::collections, name -> name));
        return ListCollectionsResponse.newBuilder()
                .addAllCollections(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    void watch(WatchDocumentsRequest request, Outbound<WatchDocumentsResponse> out, Call call)
            throws InterruptedException {
        var changes = Selection.of(Topics.of(DocumentEvents.topic(request.getCollection())));
        var watch = new DocumentWatch(store, request.getCollection());
        new StateStream<>(database, feed, changes, watch)
                .run(request.getFrom(), request.getSnapshot(), out, call);
    }

    private Document write(DbExecute db, Document present, UnaryOperator<Struct> change) {
        var content = change.apply(present.getContent());
        checkSize(content);
        var changed =
                present.toBuilder()
                        .setContent(content)
                        .setUpdateTime(Times.now(clock))
                        .setEtag(Etags.next(present.getEtag()))
                        .build();
        store.update(db, changed);
        events.publish(DocumentEvents.UPDATED, changed);
        return changed;
    }

    /// The document that a write is about.
    ///
    /// @param etag the version that it must have; empty: any
    private Document lock(DbExecute db, String collection, String id, String etag) {
        var document = store.lock(db, collection, id).orElseThrow(() -> notFound(collection, id));
        Etags.check(etag, document.getEtag(), "the document");
        return document;
    }

    private Document created(CreateDocumentRequest request) {
        var time = Times.now(clock);
        return Document.newBuilder()
                .setCollection(request.getCollection())
                .setId(request.getDocumentId().isEmpty() ? ids.next() : request.getDocumentId())
                .setContent(request.getContent())
                .setCreateTime(time)
                .setUpdateTime(time)
                .setEtag(Etags.FIRST)
                .build();
    }

    /// Reads items behind one.
    private interface Reading<T> {
        List<T> read(DbExecute db, String after, int limit);
    }

    /// Items that are listed by their ids.
    private <T> Pages.Shelf<T> shelf(Reading<T> reading, Function<T, String> id) {
        return new Pages.Shelf<>() {
            @Override
            public List<T> behind(List<String> place, int limit) {
                var after = place.isEmpty() ? "" : place.getFirst();
                return database.plain(db -> reading.read(db, after, limit));
            }

            @Override
            public List<String> place(T item) {
                return List.of(id.apply(item));
            }
        };
    }

    private static void checkSize(Struct content) {
        var size = Payloads.of(content).getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_BYTES) {
            throw RpcException.invalidField(
                            "content",
                            "%d bytes of JSON (expected: at most %d)".formatted(size, MAX_BYTES))
                    .withReason("DOCUMENT_TOO_LARGE");
        }
    }

    private static RpcException notFound(String collection, String id) {
        return new RpcException(
                        Code.NOT_FOUND,
                        "no document \"%s\" in collection \"%s\"".formatted(id, collection))
                .withReason("DOCUMENT_NOT_FOUND", Map.of("collection", collection, "id", id));
    }
}
