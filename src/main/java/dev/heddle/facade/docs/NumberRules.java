package dev.heddle.facade.docs;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.swagger.v3.oas.models.media.JsonSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Bounds of numbers and durations, from protovalidate's rules, which are named alike in the rules
/// of all types. Values that JSON writes as text get theirs in words: JSON Schema can't compare
/// text.
///
/// @param rules such as `Int32Rules`
/// @param isText whether the values are text in JSON
record NumberRules(Message rules, boolean isText) {
    void apply(JsonSchema schema) {
        var isRange = isRange();
        if (isText) {
            describe(schema);
        } else if (isRange) {
            bound("gte").ifPresent(schema::setMinimum);
            bound("gt").ifPresent(schema::setExclusiveMinimumValue);
            bound("lte").ifPresent(schema::setMaximum);
            bound("lt").ifPresent(schema::setExclusiveMaximumValue);
        }
        value("const").map(this::json).ifPresent(schema::setConst);
        var in = list("in").map(this::json).toList();
        if (!in.isEmpty()) {
            schema.setEnum(in);
        }
        var notIn = list("not_in").map(this::json).toList();
        if (!notIn.isEmpty()) {
            var not = new JsonSchema();
            not.setEnum(notIn);
            schema.setNot(not);
        }
    }

    /// Whether the bounds rule out what isn't a number.
    boolean isBounded() {
        return Stream.of("gt", "gte", "lt", "lte", "const", "finite")
                .anyMatch(name -> value(name).isPresent());
    }

    /// A lower bound above the upper one means all but what is between, which is no range.
    private boolean isRange() {
        var lower = bound("gte").or(() -> bound("gt"));
        var upper = bound("lte").or(() -> bound("lt"));
        return lower.isEmpty() || upper.isEmpty() || lower.get().compareTo(upper.get()) <= 0;
    }

    private void describe(JsonSchema schema) {
        var words =
                Stream.of(
                                words("gte", "at least"),
                                words("gt", "more than"),
                                words("lte", "at most"),
                                words("lt", "less than"))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(isRange() ? ", " : " or "));
        if (!words.isEmpty()) {
            schema.setDescription("Allowed: %s.".formatted(words));
        }
    }

    private Optional<String> words(String rule, String word) {
        return value(rule).map(value -> "%s %s".formatted(word, json(value)));
    }

    private Optional<BigDecimal> bound(String rule) {
        return value(rule).flatMap(value -> number(field(rule).orElseThrow().getType(), value));
    }

    private Optional<Object> value(String rule) {
        return field(rule)
                .filter(field -> !field.isRepeated() && rules.hasField(field))
                .map(rules::getField);
    }

    private Stream<Object> list(String rule) {
        return field(rule).stream().flatMap(field -> ((List<?>) rules.getField(field)).stream());
    }

    private Optional<FieldDescriptor> field(String rule) {
        return Optional.ofNullable(rules.getDescriptorForType().findFieldByName(rule));
    }

    private Object json(Object value) {
        if (value instanceof Duration duration) {
            return Durations.toString(duration);
        }
        var type = field("const").orElseThrow().getType();
        var number = number(type, value);
        return isText
                ? number.map(BigDecimal::toPlainString).orElse(value.toString())
                : value(number, value);
    }

    private static Object value(Optional<BigDecimal> number, Object otherwise) {
        return number.map(Object.class::cast).orElse(otherwise);
    }

    /// Empty for what is no finite number.
    private static Optional<BigDecimal> number(FieldDescriptor.Type type, Object value) {
        return switch (value) {
            case Integer number ->
                    Optional.of(
                            type == FieldDescriptor.Type.UINT32
                                            || type == FieldDescriptor.Type.FIXED32
                                    ? new BigDecimal(Integer.toUnsignedString(number))
                                    : BigDecimal.valueOf(number));
            case Long number ->
                    Optional.of(
                            type == FieldDescriptor.Type.UINT64
                                            || type == FieldDescriptor.Type.FIXED64
                                    ? new BigDecimal(Long.toUnsignedString(number))
                                    : BigDecimal.valueOf(number));
            case Float number when Float.isFinite(number) ->
                    Optional.of(new BigDecimal(number.toString()));
            case Double number when Double.isFinite(number) ->
                    Optional.of(new BigDecimal(number.toString()));
            case Duration duration ->
                    Optional.of(BigDecimal.valueOf(Durations.toNanos(duration), 9));
            default -> Optional.empty();
        };
    }
}
