package dev.heddle.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.rpc.Code;
import dev.heddle.content.EntityTags;
import dev.heddle.content.Selection;
import dev.heddle.db.Columns;
import dev.heddle.db.Filter;
import dev.heddle.db.OrderBy;
import dev.heddle.db.PageTokens;
import dev.heddle.feed.Token;
import dev.heddle.rpc.UpdateMask;
import dev.heddle.users.v1.User;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The little languages within requests.
@Timeout(3600)
final class FormatsFuzzTest {
    private static final Columns COLUMNS =
            Columns.builder()
                    .uuid("id", "thing.id")
                    .caselessText("word", "thing.word")
                    .text("name", "thing.name")
                    .integer("size", "thing.size")
                    .decimal("price", "thing.price")
                    .texts("tags", "thing.tags")
                    .bool("open", "thing.open")
                    .timestamp("time", "thing.time")
                    .enumeration("code", "thing.code", Code.getDescriptor())
                    .build();

    /// Of all that a filter says, no more gets into the SQL than what this module writes itself.
    @Test
    void filters() {
        Fuzz.of(
                        "filter",
                        "word = \"oak\" AND (size > 3 OR NOT open = true)",
                        "id = 00000000-0000-7000-8000-000000000000 tags:red -code:NOT_FOUND",
                        "time >= \"2026-01-31T12:00:00Z\" price<=19.99 name:*x*")
                .words(
                        "word",
                        "name",
                        "size",
                        "price",
                        "tags",
                        "open",
                        "time",
                        "code",
                        "id",
                        "nothing",
                        " ",
                        " AND ",
                        " OR ",
                        " NOT ",
                        "-",
                        "(",
                        ")",
                        "=",
                        "!=",
                        "<",
                        "<=",
                        ">",
                        ">=",
                        ":",
                        "\"",
                        "'",
                        "*",
                        "\\",
                        "true",
                        "19.99",
                        "-7",
                        "2026-01-31T12:00:00+18:00",
                        "00000000-0000-7000-8000-000000000000",
                        "OK")
                .run(input -> {
                    var condition = Filter.parse(input.text(), COLUMNS);
                    assertThat(condition.sql())
                            .matches(
                                    "(?s)(thing\\.[a-z]+|:filter\\d+|lower|uuid|text|cardinality|CAST|ARRAY|[A-Z@ ()\\[\\]<>=%0'])*");
                });
    }

    @Test
    void orders() {
        Fuzz.of("order_by", "word", "size desc, word", "time  asc ,id desc")
                .words("word", "size", "time", "id", "tags", " desc", " asc", ",", " ", "price")
                .run(input -> OrderBy.parse(input.text(), COLUMNS));
    }

    @Test
    void updateMasks() {
        var type = User.getDescriptor();
        Fuzz.of("update_mask", "name", "*", "name,email", "etag,name")
                .words("name", "email", ",", "*", "etag", "create_time", "id", "name.first")
                .run(input -> {
                    var mask =
                            FieldMask.newBuilder()
                                    .addAllPaths(Arrays.asList(input.text().split(",", -1)))
                                    .build();
                    UpdateMask.of(mask, type, List.of("name", "email"))
                            .apply(User.getDefaultInstance(), User.newBuilder());
                });
    }

    /// A token that was changed is no token, whatever was changed.
    @Test
    void pageTokens() {
        var tokens = new PageTokens(new byte[32]);
        var others =
                new PageTokens("another key of at least 32 bytes".getBytes(StandardCharsets.UTF_8));
        var parameters = List.of("filter", "order");
        var position = List.of("oak", "7");
        var good = tokens.encode(parameters, position);
        Fuzz.of(
                        "page_token",
                        good,
                        others.encode(parameters, position),
                        tokens.encode(List.of("other"), position))
                .words("A", "_", "-", "=", "AAAA")
                .run(input ->
                        assertThat(tokens.decode(input.text(), parameters)).isEqualTo(position));
    }

    @Test
    void feedTokens() {
        Fuzz.of("feed token", "1:42:00000000000000ff", "1:42:0123456789abcdef:1.2.3")
                .words("1", "0", "999999999", "999999999999999999", ":", ".", "0123456789abcdef")
                .run(input -> {
                    var token = Token.parse(input.text(), "last_event_id");
                    assertThat(Token.parse(token.toString(), "last_event_id")).isEqualTo(token);
                });
    }

    @Test
    void rangesAndEntityTags() {
        var size = 1000;
        Fuzz.of("range", "bytes=0-99", "bytes=100-", "bytes=-100", "Bytes = 999-2000", "bytes=9-2")
                .words("bytes", "=", "-", "0", "999", "1000", "\"tag\"", "W/", "\"", ",", " ", "*")
                .run(input -> {
                    var text = input.text();
                    EntityTags.matches(text, "\"tag\"");
                    var wish =
                            new Selection.Wish(text, "", input.random().nextBoolean() ? "" : text);
                    if (wish.of("\"tag\"", size) instanceof Selection.Part(var first, var last)) {
                        assertThat(first).isBetween(0L, last);
                        assertThat(last).isLessThan(size);
                    }
                });
    }
}
