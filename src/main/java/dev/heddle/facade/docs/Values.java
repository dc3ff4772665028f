package dev.heddle.facade.docs;

import build.buf.validate.EnumRules;
import build.buf.validate.FieldRules;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.swagger.v3.oas.models.media.JsonSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Schemas of single values, as Protobuf's JSON mapping writes them.
///
/// @param messages the schemas of messages that are no values of their own
/// @param enums the schemas of enums
record Values(
        Function<Descriptor, JsonSchema> messages, Function<EnumDescriptor, JsonSchema> enums) {
    private static final String DURATION = "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$";
    private static final String SIGNED = "^-?[0-9]{1,19}$";
    private static final String UNSIGNED = "^[0-9]{1,20}$";
    private static final BigDecimal UINT32_MAX = BigDecimal.valueOf(0xFFFF_FFFFL);

    /// The schema of one value of a field.
    JsonSchema of(FieldDescriptor field, FieldRules rules) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> message(field.getMessageType(), rules);
            case ENUM -> enumeration(field.getEnumType(), rules.getEnum());
            default -> scalar(field, rules);
        };
    }

    /// The schema of a message.
    JsonSchema message(Descriptor type, FieldRules rules) {
        return wellKnown(type, rules).orElseGet(() -> messages.apply(type));
    }

    /// The messages that JSON has a form of its own for, other than `Any`.
    private Optional<JsonSchema> wellKnown(Descriptor type, FieldRules rules) {
        if (!type.getFile().getPackage().equals("google.protobuf")) {
            return Optional.empty();
        }
        return switch (type.getName()) {
            case "Timestamp" -> Optional.of(Types.string("date-time"));
            case "Duration" -> {
                var schema = Types.matching(DURATION);
                new NumberRules(rules.getDuration(), true).apply(schema);
                yield Optional.of(schema);
            }
            case "FieldMask" -> Optional.of(fieldMask());
            case "Struct", "Empty" -> Optional.of(Types.object());
            case "Value" -> Optional.of(Types.any());
            case "ListValue" -> Optional.of(Types.array(Types.any()));
            case "DoubleValue",
                    "FloatValue",
                    "Int64Value",
                    "UInt64Value",
                    "Int32Value",
                    "UInt32Value",
                    "BoolValue",
                    "StringValue",
                    "BytesValue" ->
                    Optional.of(scalar(type.findFieldByName("value"), rules));
            default -> Optional.empty();
        };
    }

    private static JsonSchema fieldMask() {
        var schema = Types.string();
        schema.setDescription("Names of fields, separated by commas.");
        return schema;
    }

    private static JsonSchema scalar(FieldDescriptor field, FieldRules rules) {
        var numbers = numbers(rules, isText(field));
        var schema = plain(field, numbers);
        switch (rules.getTypeCase()) {
            case STRING -> TextRules.apply(rules.getString(), schema);
            case BYTES -> TextRules.apply(rules.getBytes(), schema);
            case BOOL -> {
                if (rules.getBool().hasConst()) {
                    schema.setConst(rules.getBool().getConst());
                }
            }
            default -> numbers.ifPresent(bounds -> bounds.apply(schema));
        }
        return schema;
    }

    private static Optional<NumberRules> numbers(FieldRules rules, boolean isText) {
        return switch (rules.getTypeCase()) {
            case FLOAT,
                    DOUBLE,
                    INT32,
                    INT64,
                    UINT32,
                    UINT64,
                    SINT32,
                    SINT64,
                    FIXED32,
                    FIXED64,
                    SFIXED32,
                    SFIXED64 -> {
                var number = rules.getTypeCase().getNumber();
                var field = FieldRules.getDescriptor().findFieldByNumber(number);
                yield Optional.of(new NumberRules((Message) rules.getField(field), isText));
            }
            default -> Optional.empty();
        };
    }

    private static boolean isText(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.LONG;
    }

    private static JsonSchema plain(FieldDescriptor field, Optional<NumberRules> rules) {
        return switch (field.getType()) {
            case STRING -> Types.string();
            case BOOL -> Types.of("boolean");
            case INT32, SINT32, SFIXED32 -> formatted(Types.of("integer"), "int32");
            case UINT32, FIXED32 -> {
                var schema = formatted(Types.of("integer"), "int64");
                schema.setMinimum(BigDecimal.ZERO);
                schema.setMaximum(UINT32_MAX);
                yield schema;
            }
            case INT64, SINT64, SFIXED64 -> formatted(Types.matching(SIGNED), "int64");
            case UINT64, FIXED64 -> formatted(Types.matching(UNSIGNED), "uint64");
            case FLOAT -> floating("float", rules);
            case DOUBLE -> floating("double", rules);
            case BYTES -> {
                var schema = Types.string();
                schema.setContentEncoding("base64");
                yield schema;
            }
            case ENUM, MESSAGE, GROUP ->
                    throw new IllegalArgumentException(
                            "field %s: no scalar (expected: a scalar)"
                                    .formatted(field.getFullName()));
        };
    }

    private static JsonSchema floating(String format, Optional<NumberRules> rules) {
        var number = formatted(Types.of("number"), format);
        if (rules.filter(NumberRules::isBounded).isPresent()) {
            return number;
        }
        var schema = new JsonSchema();
        schema.addAnyOfItem(number);
        schema.addAnyOfItem(Types.oneOf(List.of("NaN", "Infinity", "-Infinity")));
        return schema;
    }

    private static JsonSchema formatted(JsonSchema schema, String format) {
        schema.setFormat(format);
        return schema;
    }

    private JsonSchema enumeration(EnumDescriptor type, EnumRules rules) {
        if (type.getFullName().equals("google.protobuf.NullValue")) {
            return Types.of("null");
        }
        var isNarrowed = rules.hasConst() || rules.getInCount() + rules.getNotInCount() > 0;
        return isNarrowed
                ? Types.oneOf(
                        type.getValues().stream()
                                .filter(value -> isAllowed(value.getNumber(), rules))
                                .map(EnumValueDescriptor::getName)
                                .toList())
                : enums.apply(type);
    }

    private static boolean isAllowed(int number, EnumRules rules) {
        return (!rules.hasConst() || rules.getConst() == number)
                && (rules.getInCount() == 0 || rules.getInList().contains(number))
                && !rules.getNotInList().contains(number);
    }
}
