package dev.heddle.facade.bind;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.NullValue;
import dev.heddle.facade.route.Nearest;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads scalar values from text, strictly by the JSON mapping of Protocol Buffers.
final class Scalars {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,20}");
    private static final Pattern DECIMAL =
            Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,1000})?([eE][+-]?[0-9]{1,4})?");
    private static final BigInteger UINT32_MAX = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger UINT64_MAX =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);
    private static final int NAMED_VALUES = 8;

    private Scalars() {}

    /// Reads a value, as [com.google.protobuf.Message.Builder#setField] takes it.
    ///
    /// @param name the path of the field, for the violation
    static Object parse(FieldDescriptor field, String name, String text)
            throws InvalidParameterException {
        return switch (field.getType()) {
            case STRING -> text;
            case BOOL -> bool(name, text);
            case INT32, SINT32, SFIXED32 ->
                    integer(
                                    name,
                                    text,
                                    "an int32",
                                    BigInteger.valueOf(Integer.MIN_VALUE),
                                    BigInteger.valueOf(Integer.MAX_VALUE))
                            .intValue();
            case UINT32, FIXED32 ->
                    integer(name, text, "a uint32", BigInteger.ZERO, UINT32_MAX).intValue();
            case INT64, SINT64, SFIXED64 ->
                    integer(
                                    name,
                                    text,
                                    "an int64",
                                    BigInteger.valueOf(Long.MIN_VALUE),
                                    BigInteger.valueOf(Long.MAX_VALUE))
                            .longValue();
            case UINT64, FIXED64 ->
                    integer(name, text, "a uint64", BigInteger.ZERO, UINT64_MAX).longValue();
            case FLOAT -> floating(name, text);
            case DOUBLE -> decimal(name, text, "a double");
            case BYTES -> bytes(name, text);
            case ENUM -> enumValue(field.getEnumType(), name, text);
            case MESSAGE, GROUP ->
                    throw new IllegalArgumentException(
                            "field %s: a message (expected: a scalar)"
                                    .formatted(field.getFullName()));
        };
    }

    private static boolean bool(String name, String text) throws InvalidParameterException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw InvalidParameterException.value(name, text, "true or false");
        };
    }

    private static BigInteger integer(
            String name, String text, String type, BigInteger min, BigInteger max)
            throws InvalidParameterException {
        if (INTEGER.matcher(text).matches()) {
            var value = new BigInteger(text);
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return value;
            }
        }
        throw InvalidParameterException.value(name, text, "%s, %s to %s".formatted(type, min, max));
    }

    private static float floating(String name, String text) throws InvalidParameterException {
        double value = decimal(name, text, "a float");
        float narrowed = Double.isFinite(value) ? Float.parseFloat(text) : (float) value;
        if (Double.isFinite(value) && Float.isInfinite(narrowed)) {
            throw InvalidParameterException.value(name, text, "a float, within ±3.4028235e38");
        }
        return narrowed;
    }

    private static double decimal(String name, String text, String type)
            throws InvalidParameterException {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value =
                        DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
                if (!Double.isFinite(value)) {
                    throw InvalidParameterException.value(
                            name,
                            text,
                            type + " in its range, such as -1.5e3, or NaN, Infinity, -Infinity");
                }
                yield value;
            }
        };
    }

    /// Takes base64 and base64url, with padding or without. In the first, `+` must have come as
    /// `%2B`: in a query it means a space.
    private static ByteString bytes(String name, String text) throws InvalidParameterException {
        try {
            var standard = text.replace('-', '+').replace('_', '/');
            return ByteString.copyFrom(Base64.getDecoder().decode(standard));
        } catch (IllegalArgumentException e) {
            throw InvalidParameterException.value(name, text, "base64 or base64url");
        }
    }

    private static EnumValueDescriptor enumValue(EnumDescriptor type, String name, String text)
            throws InvalidParameterException {
        if (type.equals(NullValue.getDescriptor()) && text.equals("null")) {
            return NullValue.NULL_VALUE.getValueDescriptor(); // as JSON has it
        }
        var byName = type.findValueByName(text);
        return byName != null
                ? byName
                : byNumber(type, text)
                        .orElseThrow(() ->
                                InvalidParameterException.value(
                                        name,
                                        text,
                                        "a name or a number of %s%s"
                                                .formatted(
                                                        type.getFullName(), examples(type, text))));
    }

    /// An open enum takes every number, as it does on the wire.
    private static Optional<EnumValueDescriptor> byNumber(EnumDescriptor type, String text) {
        if (!INTEGER.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(text);
            return Optional.ofNullable(
                    type.isClosed()
                            ? type.findValueByNumber(number)
                            : type.findValueByNumberCreatingIfUnknown(number));
        } catch (NumberFormatException e) {
            // past the range of an enum's numbers: as wrong as an unknown name
            return Optional.empty();
        }
    }

    private static String examples(EnumDescriptor type, String text) {
        var names = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
        var nearest = Nearest.to(text, names);
        return (nearest.isEmpty() ? names : nearest)
                .stream().limit(NAMED_VALUES).collect(Collectors.joining(", ", ", such as ", ""));
    }
}
