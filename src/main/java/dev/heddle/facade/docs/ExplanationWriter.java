package dev.heddle.facade.docs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.heddle.facade.bind.BindingReport;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;

/// Writes an explanation as JSON.
record ExplanationWriter(JsonGenerator out, Json json) {
    void write(Explanation explanation) throws IOException {
        out.writeStartObject();
        out.writeStringField("method", explanation.line().method());
        out.writeStringField("path", explanation.line().rawPath());
        out.writeStringField("query", explanation.line().rawQuery());
        out.writeStringField("outcome", explanation.outcome().name());
        if (explanation.problem().isPresent()) {
            out.writeStringField("problem", explanation.problem().get());
        }
        if (explanation.route().isPresent()) {
            route(explanation.route().get());
        }
        if (explanation.binding().isPresent()) {
            binding(explanation.binding().get());
        }
        if (!explanation.allow().isEmpty()) {
            strings("allow", explanation.allow());
        }
        out.writeArrayFieldStart("nearMisses");
        for (var nearMiss : explanation.nearMisses()) {
            out.writeStartObject();
            out.writeStringField("rule", nearMiss.route().toString());
            out.writeStringField("rpc", nearMiss.route().rpc().contract().name());
            out.writeStringField("reason", nearMiss.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void route(Route route) throws IOException {
        var contract = route.rpc().contract();
        out.writeStringField("rule", route.toString());
        out.writeStringField("rpc", contract.name());
        out.writeStringField("kind", contract.grpc().getType().name());
        out.writeStringField(
                "body",
                switch (route.body()) {
                    case BodyMapping.None _ -> "";
                    case BodyMapping.Whole _ -> "*";
                    case BodyMapping.Field(var field) -> field.getName();
                });
        if (route.responseBody().isPresent()) {
            out.writeStringField("responseBody", route.responseBody().get().getName());
        }
        out.writeBooleanField("public", contract.policy().isPublic());
        out.writeStringField("scope", contract.policy().scope());
    }

    private void binding(BindingReport report) throws IOException {
        out.writeArrayFieldStart("bindings");
        for (var bound : report.bound()) {
            out.writeStartObject();
            source(bound.source(), bound.parameter());
            out.writeStringField("field", bound.field());
            out.writeStringField("value", bound.value());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("rejected");
        for (var rejected : report.rejected()) {
            out.writeStartObject();
            source(rejected.source(), rejected.parameter());
            out.writeStringField("value", rejected.value());
            out.writeStringField("reason", rejected.violation().getReason());
            out.writeStringField("description", rejected.violation().getDescription());
            strings("nearest", rejected.nearest());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeFieldName("request");
        try (var request = json.parser(json.toBytes(report.request(), Json.Options.STANDARD))) {
            request.nextToken();
            out.copyCurrentStructure(request);
        }
    }

    private void source(BindingReport.Source source, String parameter) throws IOException {
        out.writeStringField("in", source.name().toLowerCase(Locale.ROOT));
        out.writeStringField("parameter", parameter);
    }

    private void strings(String name, Collection<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (var value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }
}
