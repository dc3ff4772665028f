package dev.heddle.facade.docs;

import build.buf.validate.BytesRules;
import build.buf.validate.StringRules;
import io.swagger.v3.oas.models.media.JsonSchema;
import java.util.List;
import java.util.regex.Pattern;

/// Bounds of text, from protovalidate's rules. JSON Schema counts characters as Unicode code
/// points, as `min_len` and `max_len` do; of rules over bytes it can say what they mean at least.
final class TextRules {
    private static final int MAX_UTF8_BYTES = 4;

    /// What RE2 has and ECMAScript hasn't.
    private static final Pattern NOT_ECMASCRIPT =
            Pattern.compile("\\(\\?[^:=!]|\\\\[AzQECa]|\\[\\[:|\\\\p.");

    private static final Pattern SPECIAL = Pattern.compile("[\\\\^$.|?*+()\\[\\]{}/-]");

    private TextRules() {}

    static void apply(StringRules rules, JsonSchema schema) {
        lengths(rules, schema);
        patterns(rules, schema);
        wellKnown(rules, schema);
        if (rules.hasConst()) {
            schema.setConst(rules.getConst());
        }
        if (rules.getInCount() > 0) {
            schema.setEnum(List.copyOf(rules.getInList()));
        }
        if (rules.getNotInCount() > 0) {
            schema.setNot(values(rules.getNotInList()));
        }
    }

    /// Base64 has four characters for three bytes; they may be short of their padding.
    static void apply(BytesRules rules, JsonSchema schema) {
        if (rules.hasMinLen() || rules.hasLen()) {
            var bytes = rules.hasLen() ? rules.getLen() : rules.getMinLen();
            schema.setMinLength(clamp((bytes * 4 + 2) / 3));
        }
        if (rules.hasMaxLen() || rules.hasLen()) {
            var bytes = rules.hasLen() ? rules.getLen() : rules.getMaxLen();
            schema.setMaxLength(clamp((bytes + 2) / 3 * 4));
        }
    }

    private static void lengths(StringRules rules, JsonSchema schema) {
        if (rules.hasLen()) {
            schema.setMinLength(clamp(rules.getLen()));
            schema.setMaxLength(clamp(rules.getLen()));
        }
        if (rules.hasMinLen()) {
            schema.setMinLength(clamp(rules.getMinLen()));
        } else if (rules.hasMinBytes() || rules.hasLenBytes()) {
            var bytes = rules.hasLenBytes() ? rules.getLenBytes() : rules.getMinBytes();
            schema.setMinLength(clamp((bytes + MAX_UTF8_BYTES - 1) / MAX_UTF8_BYTES));
        }
        if (rules.hasMaxLen()) {
            schema.setMaxLength(clamp(rules.getMaxLen()));
        } else if (rules.hasMaxBytes() || rules.hasLenBytes()) {
            schema.setMaxLength(
                    clamp(rules.hasLenBytes() ? rules.getLenBytes() : rules.getMaxBytes()));
        }
    }

    private static void patterns(StringRules rules, JsonSchema schema) {
        if (rules.hasPattern() && !NOT_ECMASCRIPT.matcher(rules.getPattern()).find()) {
            pattern(rules.getPattern(), schema);
        }
        if (rules.hasPrefix()) {
            pattern("^" + quote(rules.getPrefix()), schema);
        }
        if (rules.hasSuffix()) {
            pattern(quote(rules.getSuffix()) + "$", schema);
        }
        if (rules.hasContains()) {
            pattern(quote(rules.getContains()), schema);
        }
        if (rules.hasNotContains()) {
            pattern("^(?![\\s\\S]*" + quote(rules.getNotContains()) + ")", schema);
        }
    }

    /// A schema holds one pattern; more of them go beside it.
    private static void pattern(String pattern, JsonSchema schema) {
        if (schema.getPattern() == null) {
            schema.setPattern(pattern);
        } else {
            var more = new JsonSchema();
            more.setPattern(pattern);
            schema.addAllOfItem(more);
        }
    }

    private static void wellKnown(StringRules rules, JsonSchema schema) {
        switch (rules.getWellKnownCase()) {
            case EMAIL -> schema.setFormat("email");
            case HOSTNAME -> schema.setFormat("hostname");
            case IPV4 -> schema.setFormat("ipv4");
            case IPV6 -> schema.setFormat("ipv6");
            case IP -> {
                schema.addAnyOfItem(format("ipv4"));
                schema.addAnyOfItem(format("ipv6"));
            }
            case ADDRESS -> {
                schema.addAnyOfItem(format("hostname"));
                schema.addAnyOfItem(format("ipv4"));
                schema.addAnyOfItem(format("ipv6"));
            }
            case URI -> schema.setFormat("uri");
            case URI_REF -> schema.setFormat("uri-reference");
            case UUID -> schema.setFormat("uuid");
            case TUUID -> pattern("^[0-9a-fA-F]{32}$", schema);
            case ULID -> pattern("^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$", schema);
            // JSON Schema has no word for these: the field's comment has to say it
            case IP_WITH_PREFIXLEN,
                    IPV4_WITH_PREFIXLEN,
                    IPV6_WITH_PREFIXLEN,
                    IP_PREFIX,
                    IPV4_PREFIX,
                    IPV6_PREFIX,
                    HOST_AND_PORT,
                    PROTOBUF_FQN,
                    PROTOBUF_DOT_FQN,
                    WELL_KNOWN_REGEX,
                    WELLKNOWN_NOT_SET -> {}
        }
    }

    private static JsonSchema format(String name) {
        var schema = new JsonSchema();
        schema.setFormat(name);
        return schema;
    }

    private static JsonSchema values(List<String> values) {
        var schema = new JsonSchema();
        schema.setEnum(List.copyOf(values));
        return schema;
    }

    private static String quote(String text) {
        return SPECIAL.matcher(text).replaceAll("\\\\$0");
    }

    private static int clamp(long length) {
        return (int) Math.min(Math.max(length, 0), Integer.MAX_VALUE);
    }
}
