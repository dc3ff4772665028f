package dev.heddle.search;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.db.Excerpt;
import dev.heddle.rpc.RpcException;
import dev.heddle.search.v1.ExternalHit;
import dev.heddle.search.v1.ExternalHits;
import dev.heddle.search.v1.Hit;
import dev.heddle.search.v1.Piece;
import dev.heddle.search.v1.Source;
import dev.heddle.source.Sources;
import io.grpc.Status.Code;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Another server that searches.
final class ExternalIndex implements Index {
    private static final String KEY = "search.external-url";
    private static final String PLACE = "{q}";
    private static final String UNKNOWN_TYPE = "page";
    private static final int MAX_TITLE = 300;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final Optional<dev.heddle.source.Source> server;
    private final JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();

    private ExternalIndex(Optional<dev.heddle.source.Source> server) {
        this.server = server;
    }

    /// @param url empty: there is none
    static ExternalIndex of(Sources sources, String url) {
        return new ExternalIndex(
                url.isEmpty() ? Optional.empty() : Optional.of(sources.source(KEY, url, PLACE)));
    }

    @Override
    public Source source() {
        return Source.SOURCE_EXTERNAL;
    }

    @Override
    public String scope() {
        return "";
    }

    @Override
    public boolean isConfigured() {
        return server.isPresent();
    }

    @Override
    public List<Hit> find(String query, int limit) {
        return read(server.orElseThrow().get(query)).getHitsList().stream()
                .limit(limit)
                .map(ExternalIndex::hit)
                .toList();
    }

    private ExternalHits read(String json) {
        try {
            var hits = ExternalHits.newBuilder();
            parser.merge(json, hits);
            return hits.build();
        } catch (InvalidProtocolBufferException e) {
            throw broken("the source's answer is no list of hits").withCause(e);
        }
    }

    private static Hit hit(ExternalHit hit) {
        checkAddress(hit.getUrl());
        return Hit.newBuilder()
                .setSource(Source.SOURCE_EXTERNAL)
                .setType(hit.getType().isEmpty() ? UNKNOWN_TYPE : hit.getType())
                .setId(hit.getId())
                .setTitle(Excerpt.beginning(hit.getTitle(), MAX_TITLE))
                .addAllSnippet(snippet(hit.getSnippet()))
                .setLink(hit.getUrl())
                .build();
    }

    private static List<Piece> snippet(String text) {
        return Excerpt.of(text).pieces().stream()
                .map(piece -> Piece.newBuilder().setText(piece.text()).build())
                .toList();
    }

    /// Callers show links: none may be a script.
    private static void checkAddress(String url) {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null
                    && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
                return;
            }
        } catch (URISyntaxException e) {
            throw broken("a hit of the source has no address").withCause(e);
        }
        throw broken("a hit of the source has no address of http or https");
    }

    private static RpcException broken(String message) {
        return new RpcException(Code.INTERNAL, message).withReason(dev.heddle.source.Source.BROKEN);
    }
}
