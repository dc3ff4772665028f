package dev.heddle.facade.route;

import static dev.heddle.facade.route.Rules.rule;
import static dev.heddle.facade.route.Rules.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.HttpRule;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableTest {
    private static final RouteTable TABLE =
            table(
                    "GET /v1/users",
                    "POST /v1/users",
                    "POST /v1/users:batchCreate",
                    "GET /v1/users/{text}",
                    "DELETE /v1/users/{text}",
                    "GET /v1/users/me",
                    "POST /v1/users/{text}:cancel",
                    "GET /v1/{text=shelves/*}/books/{child.name}",
                    "GET /v1/shelves/{text}/books/{child.name}:read",
                    "GET /v1/files/{text=**}",
                    "GET /v1/files/{text=**}:stat",
                    "GET /v1/files/fixed",
                    "GET /v1/files/*/meta",
                    "GET /v1/{text=trees/**}",
                    "GET /v1/a%2Fb",
                    "REPORT /v1/users",
                    "* /v1/any/{text}",
                    "GET /v1/any/{text}",
                    "HEAD /v1/headed",
                    "GET /v1/headed");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/users                    | GET /v1/users                                 | ''",
                "HEAD   | /v1/users                    | GET /v1/users                                 | ''",
                "REPORT | /v1/users                    | REPORT /v1/users                              | ''",
                "POST   | /v1/users:batchCreate        | POST /v1/users:batchCreate                    | ''",
                "POST   | /v1/users:batch%43reate      | POST /v1/users:batchCreate                    | ''",
                "GET    | /v1/us%65rs                  | GET /v1/users                                 | ''",
                "GET    | /v1/users/me                 | GET /v1/users/me                              | ''",
                "GET    | /v1/users/you                | GET /v1/users/{text}                          | text=you",
                "DELETE | /v1/users/me                 | DELETE /v1/users/{text}                       | text=me",
                "GET    | /v1/users/a%2Fb%20c%C3%A9+   | GET /v1/users/{text}                          | text=a/b cé+",
                "POST   | /v1/users/7:cancel           | POST /v1/users/{text}:cancel                  | text=7",
                "POST   | /v1/users/a:b:cancel         | POST /v1/users/{text}:cancel                  | text=a:b",
                "GET    | /v1/users/7:other            | GET /v1/users/{text}                          | text=7:other",
                "GET    | /v1/users/7%3Acancel         | GET /v1/users/{text}                          | text=7:cancel",
                "GET    | /v1/users/7:batchCreate      | GET /v1/users/{text}                          | text=7:batchCreate",
                "GET    | /v1/users/:                  | GET /v1/users/{text}                          | text=:",
                "GET    | /v1/users/:cancel            | GET /v1/users/{text}                          | text=:cancel",
                "GET    | /v1/shelves/1%2F2/books/b%2F | GET /v1/{text=shelves/*}/books/{child.name}   | text=shelves/1%2F2;child.name=b/",
                "GET    | /v1/shelves/1%2F/books/b:read | GET /v1/shelves/{text}/books/{child.name}:read | text=1/;child.name=b",
                "GET    | /v1/files                    | GET /v1/files/{text=**}                       | text=",
                "GET    | /v1/files/a                  | GET /v1/files/{text=**}                       | text=a",
                "GET    | /v1/files/a/b%2fc%20d/e      | GET /v1/files/{text=**}                       | text=a/b%2fc d/e",
                "GET    | /v1/files/a/b:stat           | GET /v1/files/{text=**}:stat                  | text=a/b",
                "GET    | /v1/files:stat               | GET /v1/files/{text=**}:stat                  | text=",
                "GET    | /v1/files/fixed              | GET /v1/files/fixed                           | ''",
                "GET    | /v1/files/fixed/x            | GET /v1/files/{text=**}                       | text=fixed/x",
                "GET    | /v1/files/x/meta             | GET /v1/files/*/meta                          | ''",
                "GET    | /v1/trees                    | GET /v1/{text=trees/**}                       | text=trees",
                "GET    | /v1/trees/a/b                | GET /v1/{text=trees/**}                       | text=trees/a/b",
                "GET    | /v1/a%2fb                    | GET /v1/a%2Fb                                 | ''",
                "BREW   | /v1/any/x                    | * /v1/any/{text}                              | text=x",
                "GET    | /v1/any/x                    | GET /v1/any/{text}                            | text=x",
                "HEAD   | /v1/any/x                    | GET /v1/any/{text}                            | text=x",
                "HEAD   | /v1/headed                   | HEAD /v1/headed                               | ''",
            })
    void pathHasRoute(String method, String path, String route, String bindings) {
        var found = (Match.Found) TABLE.match(method, path);

        assertThat(found.route()).hasToString(route);
        assertThat(
                        found.path().stream()
                                .map(binding -> binding.field() + "=" + binding.value())
                                .collect(Collectors.joining(";")))
                .isEqualTo(bindings);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "v1/users",
                "/v1",
                "/v1/users/",
                "//v1/users",
                "/v1//users",
                "/v1/users/.",
                "/v1/users/..",
                "/v1/users/%2e%2E",
                "/v1/files/a/../b",
                "/v1/files//a",
                "/v1/files/",
                "/v1/users/a/b",
                "/v2/users",
                "/V1/users",
                "/v1/users:export",
                "/v1/a/b",
                "*",
                "/v1/users:",
                "/v1/shelves/1/2/books/3"
            })
    void pathHasNoRoute(String path) {
        assertThat(TABLE.match("GET", path)).isInstanceOf(Match.NotFound.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /v1/users             | GET,HEAD,POST,REPORT",
                "PATCH  | /v1/users/7           | DELETE,GET,HEAD",
                "PATCH  | /v1/users/me          | DELETE,GET,HEAD",
                "GET    | /v1/users:batchCreate | POST",
                "GET    | /v1/users/7:cancel    | POST",
                "POST   | /v1/files/a           | GET,HEAD",
            })
    void otherMethodIsNotAllowed(String method, String path, String allow) {
        var match = (Match.MethodNotAllowed) TABLE.match(method, path);

        assertThat(String.join(",", match.allow())).isEqualTo(allow);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/users/%      | \"%\" (expected: % and two hexadecimal digits",
                "/v1/users/%4     | \"%4\" (expected: % and two hexadecimal digits",
                "/v1/users/%zz    | \"%zz\" (expected: % and two hexadecimal digits",
                "/v1/users/%ff    | \"%ff\" (expected: percent-encoded UTF-8)",
                "/v1/users/%C3    | \"%C3\" (expected: percent-encoded UTF-8)",
                "/v1/users/%ED%A0%80 | \"%ED%A0%80\" (expected: percent-encoded UTF-8)",
                "/v1/users/%C0%AF | \"%C0%AF\" (expected: percent-encoded UTF-8)",
                "/v1/files/a/%F5  | \"%F5\" (expected: percent-encoded UTF-8)",
                "/v1/users/é      | character U+00E9 (expected: percent-encoded as UTF-8)",
            })
    void brokenEncodingIsInvalid(String path, String problem) {
        assertThatThrownBy(() -> TABLE.match("GET", path))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT);
                            assertThat(e.reason()).contains("MALFORMED_PATH");
                            assertThat(e.message()).contains(path).contains(problem);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/user           | /v1/users",
                "/v1/users/         | /v1/users",
                "/v1/user/42        | /v1/users/{text}",
                "/v1/users:batchcreat | /v1/users:batchCreate",
            })
    void unknownPathHasNearTemplates(String path, String nearest) {
        var match = (Match.NotFound) TABLE.match("GET", path);

        assertThat(match.nearest()).hasSizeLessThanOrEqualTo(3).contains(nearest);
    }

    @Test
    void farPathHasNoNearTemplates() {
        assertThat(TABLE.match("GET", "/wp-admin/setup.php"))
                .isEqualTo(new Match.NotFound(List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/{text}              | GET /v1/{optional_text}",
                "GET /v1/{text}              | GET /v1/*",
                "GET /v1/{text=shelves/*}    | GET /v1/shelves/{text}",
                "GET /v1/{text=**}           | GET /v1/**",
                "GET /v1/{text}:verb         | GET /v1/*:verb",
                "GET /v1/a%62                | GET /v1/ab",
                "* /v1/{text}                | * /v1/*",
                "LIST /v1/{text}             | list /v1/*",
            })
    void equallySpecificRulesAreAmbiguous(String first, String second) {
        assertThatThrownBy(() -> table(first, second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("match the same paths (expected: a different literal, verb")
                .hasMessageContaining("heddle.testing.v1.ShapeService/Query");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/{text}   | POST /v1/{text}",
                "GET /v1/{text}   | * /v1/{text}",
                "GET /v1/{text}   | GET /v1/{text}:verb",
                "GET /v1/{text}/x | GET /v1/y/{text}",
                "GET /v1/{text}   | GET /v1/{text=**}",
                "GET /v1          | GET /v1/**",
            })
    void rulesOfDifferentSpecificityAreNotAmbiguous(String first, String second) {
        assertThat(table(first, second).routes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/{txet}               | variable {txet}: \"txet\" (expected: a field of heddle.testing.v1.Shape; nearest: text",
                "/v1/{child.nam}          | variable {child.nam}: \"nam\" (expected: a field of heddle.testing.v1.Shape.Child; nearest: name",
                "/v1/{child}              | heddle.testing.v1.Shape.child is a message (expected: a field that is no message)",
                "/v1/{time}               | heddle.testing.v1.Shape.time is a message (expected: a field that is no message)",
                "/v1/{texts}              | heddle.testing.v1.Shape.texts is repeated (expected: a singular field)",
                "/v1/{children.name}      | heddle.testing.v1.Shape.children is repeated (expected: a singular field)",
                "/v1/{labels}             | heddle.testing.v1.Shape.labels is repeated (expected: a singular field)",
                "/v1/{text.x}             | heddle.testing.v1.Shape.text is no message (expected: a message)",
                "/v1/{text}/{text}        | variable {text}: twice in a template (expected: once)",
                "/v1/{chosen_text}/{chosen_int32} | oneof chosen: two members in path and body (expected: one)",
                "/v1/{child.left}/{child.right} | oneof child.either: two members in path and body (expected: one)",
                "/v1/{                    | template \"/v1/{\": the end at 5 (expected: the name of a field)",
            })
    void variableWithoutSuitableFieldIsRefused(String template, String problem) {
        assertThatThrownBy(() -> table("GET " + template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("http rule of heddle.testing.v1.ShapeService/Query: ")
                .hasMessageContaining(problem);
    }

    @Test
    void ruleWithoutPatternIsRefused() {
        assertRefused(HttpRule.newBuilder().setBody("*"), "no pattern (expected: get, put,");
    }

    @Test
    void unsuitableBodyIsRefused() {
        assertRefused(
                rule("POST /v1/x").toBuilder().setBody("chidl"),
                "body: \"chidl\" (expected: a field of heddle.testing.v1.Shape; nearest: child");
        assertRefused(
                rule("POST /v1/x").toBuilder().setBody("child.name"),
                "body: \"child.name\" (expected: a field of heddle.testing.v1.Shape");
        assertRefused(
                rule("GET /v1/x").toBuilder().setBody("*"), "body: \"*\" with GET (expected: none");
        assertRefused(
                rule("PUT /v1/{text}").toBuilder().setBody("text"),
                "body: \"text\" is in the path too (expected: in one of them)");
        assertRefused(
                rule("PUT /v1/{chosen_text}").toBuilder().setBody("chosen_child"),
                "oneof chosen: two members in path and body (expected: one)");
        assertRefused(
                rule("GET /v1/x").toBuilder().setResponseBody("chidl"),
                "response_body: \"chidl\" (expected: a field of heddle.testing.v1.Shape; nearest:");
    }

    @Test
    void bindingsNestedTwiceAreRefused() {
        var inner = rule("GET /v1/b").toBuilder().addAdditionalBindings(rule("GET /v1/c"));
        assertRefused(
                rule("GET /v1/a").toBuilder().addAdditionalBindings(inner),
                "additional_bindings within additional_bindings (expected: one level)");
    }

    @Test
    void unsuitableCustomKindIsRefused() {
        assertThatThrownBy(() -> table("GE/T /v1/a"))
                .hasMessageContaining("custom kind: \"GE/T\" (expected: an HTTP method, or *");
    }

    private static void assertRefused(HttpRule.Builder rule, String problem) {
        assertThatThrownBy(() -> table(rule.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }
}
