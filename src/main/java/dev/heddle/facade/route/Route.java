package dev.heddle.facade.route;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.rpc.Rpc;
import java.util.List;
import java.util.Optional;

/// One way to call a method over HTTP: a `google.api.http` rule, or one of its additional bindings.
///
/// @param rpc the method
/// @param httpMethod in upper case, such as `GET`; `*` for any
/// @param template the paths
/// @param variables the fields that the template's variables name, in the order of the template
/// @param body what the body of a request is
/// @param responseBody the response field that is the body of a response; empty where the whole
///   response is
public record Route(
        Rpc<?, ?> rpc,
        String httpMethod,
        PathTemplate template,
        List<FieldPath> variables,
        BodyMapping body,
        Optional<FieldDescriptor> responseBody,
        Optional<FieldPath> resumeField) {
    /// The [#httpMethod] of a route that serves any method.
    public static final String ANY_METHOD = "*";

    /// What the body of a request is to the request message.
    public sealed interface BodyMapping {
        /// Nothing: the whole request is in path and query.
        record None() implements BodyMapping {}

        /// All fields that the path doesn't set.
        record Whole() implements BodyMapping {}

        /// One top-level field, of any type.
        record Field(FieldDescriptor field) implements BodyMapping {}
    }

    /// The rule in one line, such as `GET /v1/users/{id}`.
    @Override
    public String toString() {
        return httpMethod + " " + template;
    }
}
