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
/// @param headerFields the request fields that header fields fill
/// @param upload what the method is told of content that it takes
/// @param download how the method takes part in ranges and conditions
public record Route(
        Rpc<?, ?> rpc,
        String httpMethod,
        PathTemplate template,
        List<FieldPath> variables,
        BodyMapping body,
        Optional<FieldDescriptor> responseBody,
        List<HeaderField> headerFields,
        Upload upload,
        Optional<Download> download) {
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

    /// A header field that fills a request field, whatever the request has there.
    ///
    /// @param name in lower case
    public record HeaderField(String name, FieldPath field) {}

    /// The fields that the policy's `upload` names.
    public record Upload(Optional<FieldPath> name, Optional<FieldPath> size) {}

    /// The fields that the policy's `download` names, save those that header fields fill.
    ///
    /// @param head of the request
    /// @param part of the response
    public record Download(Optional<FieldPath> head, FieldDescriptor part) {}

    /// The rule in one line, such as `GET /v1/users/{id}`.
    @Override
    public String toString() {
        return httpMethod + " " + template;
    }
}
