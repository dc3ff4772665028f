package dev.heddle.facade.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.heddle.facade.Cors;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Rpcs;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What a gateway tells of itself, at fixed paths, to everybody:
///
/// - `/openapi.json` and `/openapi.yaml`: OpenAPI 3.1 of all methods that have `google.api.http`
///   rules.
/// - `/descriptors.binpb`: a `google.protobuf.FileDescriptorSet` of all methods, with comments,
///   which `buf` and `protoc` take for the contract.
/// - `/proto/`: the names of the `.proto` files, a line each, and each of them below it.
/// - `/explain`: see [Explain].
///
/// All but the last are made at their first request, and have an `ETag`.
public final class Docs {
    private static final String DESCRIPTION =
            """
            Streams come in several media types; `Accept` chooses one. `Accept: application/json;int64=number` \
            has 64-bit integers as numbers. Parameters may be named as in the `.proto` as well, and \
            `$prettyPrint=true` lays JSON out for people. `X-Server-Timeout` gives a call that many seconds.\
            """;

    private final Map<String, ExchangeHandler> paths = new LinkedHashMap<>();
    private final Cors cors;

    /// @param version the version of what is served
    public Docs(Rpcs rpcs, RouteTable routes, Json json, Cors.Settings cors, String version) {
        this.cors = new Cors(cors, List.of());
        var contracts = new Once<>(() -> Contracts.of(rpcs));
        var openApi =
                new Once<>(() -> OpenApi.of(routes, Comments.of(contracts.get()), info(version)));
        addOpenApi(openApi);
        paths.put(
                "/descriptors.binpb",
                new Document(
                        "application/protobuf",
                        this.cors,
                        () -> contracts.get().toSet().toByteArray()));
        addFiles(rpcs);
        paths.put("/explain", new Explain(routes, json, this.cors));
    }

    /// What answers GET and HEAD at each path.
    public Map<String, ExchangeHandler> paths() {
        return Map.copyOf(paths);
    }

    private void addOpenApi(Once<OpenAPI> openApi) {
        paths.put(
                "/openapi.json",
                new Document(
                        "application/json", cors, () -> write(openApi.get(), Json31.pretty())));
        paths.put(
                "/openapi.yaml",
                new Document(
                        "application/yaml", cors, () -> write(openApi.get(), Yaml31.pretty())));
    }

    private static byte[] write(OpenAPI openApi, ObjectWriter writer) {
        try {
            return writer.writeValueAsBytes(openApi);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Each file has a path of its own in the table, so that no path can lead elsewhere.
    private void addFiles(Rpcs rpcs) {
        var names = Contracts.names(rpcs);
        var index = new Once<>(() -> index(names));
        paths.put("/proto/", plain(index));
        for (var name : names) {
            paths.put(
                    "/proto/" + name,
                    plain(() -> Contracts.text(name).orElseGet(() -> unwritten(name))));
        }
    }

    /// What stands in for a file of which only the descriptor is here.
    private static String unwritten(String name) {
        return "// %s: see /descriptors.binpb\n".formatted(name);
    }

    private Document plain(Supplier<String> text) {
        return new Document("text/plain; charset=utf-8", cors, () -> bytes(text.get()));
    }

    private static String index(Iterable<String> names) {
        return String.join("\n", names) + "\n";
    }

    private static Info info(String version) {
        return new Info().title("Heddle").version(version).description(DESCRIPTION);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
