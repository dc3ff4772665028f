package dev.heddle.search;

import dev.heddle.async.Gather;
import dev.heddle.catalog.ProductSearch;
import dev.heddle.db.Database;
import dev.heddle.documents.DocumentSearch;
import dev.heddle.posts.PostSearch;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.Task;
import dev.heddle.search.v1.SearchRequest;
import dev.heddle.search.v1.SearchResponse;
import dev.heddle.search.v1.SearchServiceGrpc;
import dev.heddle.search.v1.Source;
import dev.heddle.search.v1.SourceStatus.State;
import dev.heddle.source.Sources;
import dev.heddle.users.Directory;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Serves `heddle.search.v1.SearchService`; what each method promises is in
/// `proto/heddle/search/v1/search.proto`.
///
/// Each source is asked on a thread of its own and holds one connection at most, so that searches
/// never wait for each other in a circle.
public final class SearchService implements Rpcs.Service {
    private static final int DEFAULT_SIZE = 20;
    private static final int MAX_SIZE = 100;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Settings settings;
    private final List<Index> indexes;

    public SearchService(Database database, Directory users, Sources sources, Settings settings) {
        this.settings = settings;
        this.indexes =
                List.of(
                        new DatabaseIndex(
                                Source.SOURCE_PRODUCTS,
                                "catalog.read",
                                "product",
                                "/v1/products/"::concat,
                                database,
                                new ProductSearch()::find),
                        new DatabaseIndex(
                                Source.SOURCE_POSTS,
                                "posts.read",
                                "post",
                                "/v1/posts/"::concat,
                                database,
                                new PostSearch()::find),
                        new DatabaseIndex(
                                Source.SOURCE_DOCUMENTS,
                                "documents.read",
                                "document",
                                id -> "/v1/collections/" + id.replace("/", "/documents/"),
                                database,
                                new DocumentSearch()::find),
                        new DatabaseIndex(
                                Source.SOURCE_USERS,
                                "users.read",
                                "user",
                                "/v1/users/"::concat,
                                database,
                                users::search),
                        ExternalIndex.of(sources, settings.externalUrl()));
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(SearchServiceGrpc.getSearchMethod(), this::search);
    }

    SearchResponse search(SearchRequest request, Call call) {
        try (var gather = Gather.open()) {
            var inquiries =
                    indexes.stream()
                            .filter(index -> isWanted(index, request))
                            .map(index -> inquire(gather, index, request, call))
                            .toList();
            return answer(inquiries, size(request));
        }
    }

    private Inquiry inquire(Gather gather, Index index, SearchRequest request, Call call) {
        if (!index.isConfigured()) {
            return new Inquiry.Skipped(index.source(), State.STATE_NOT_CONFIGURED, notConfigured());
        }
        if (!call.caller().holds(index.scope())) {
            return new Inquiry.Skipped(
                    index.source(),
                    State.STATE_PERMISSION_DENIED,
                    RpcException.missingScope(index.scope()));
        }
        var query = request.getQ().strip();
        var limit = size(request);
        var part =
                gather.fork(
                        index.source().name(),
                        bounded(settings.timeout(index.source())),
                        () -> index.find(query, limit));
        return new Inquiry.Asked(index.source(), part);
    }

    private static SearchResponse answer(List<Inquiry> inquiries, int size) {
        var statuses = inquiries.stream().map(Inquiry::status).toList();
        Task.current().ifPresent(Task::check);
        var failures = new HashMap<String, String>();
        for (var status : statuses) {
            if (status.getState() == State.STATE_TIMED_OUT
                    || status.getState() == State.STATE_FAILED) {
                var code = io.grpc.Status.fromCodeValue(status.getError().getCode()).getCode();
                failures.put(status.getSource().name(), code.name());
            }
        }
        var answered = statuses.stream().anyMatch(each -> each.getState() == State.STATE_OK);
        if (!answered && !failures.isEmpty()) {
            throw nobodyAnswered(failures);
        }
        return SearchResponse.newBuilder()
                .addAllHits(Ranking.merge(inquiries.stream().map(Inquiry::hits).toList(), size))
                .addAllStatuses(statuses)
                .setIsPartial(!failures.isEmpty())
                .build();
    }

    private static boolean isWanted(Index index, SearchRequest request) {
        return request.getSourcesCount() == 0 || request.getSourcesList().contains(index.source());
    }

    private static int size(SearchRequest request) {
        return request.getPageSize() == 0
                ? DEFAULT_SIZE
                : Math.min(request.getPageSize(), MAX_SIZE);
    }

    /// With some time left to the call, so that there is an answer of what others found.
    private static Duration bounded(Duration timeout) {
        return Task.current()
                .flatMap(Task::remaining)
                .map(left -> left.multipliedBy(9).dividedBy(10))
                .filter(most -> most.compareTo(timeout) < 0)
                .orElse(timeout);
    }

    private static RpcException notConfigured() {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "no server to ask (expected: search.external-url)")
                .withReason("SOURCE_NOT_CONFIGURED");
    }

    private static RpcException nobodyAnswered(Map<String, String> codes) {
        return new RpcException(
                        Code.UNAVAILABLE,
                        "none of the %d sources that were asked answered".formatted(codes.size()))
                .withReason("NO_SOURCE_ANSWERED", codes)
                .withRetryAfter(RETRY_AFTER);
    }
}
