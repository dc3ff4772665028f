package dev.heddle.rpc;

import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.Violation;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest.FieldViolation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Holds requests against the protovalidate rules in their `.proto`.
///
/// The pipeline does it for every request. A service does it for what the rules leave to it, such
/// as those fields of an update that its mask names.
public final class Validation {
    private final Validator validator = ValidatorFactory.newBuilder().build();
    private final TimeCheck times = new TimeCheck();

    /// Throws INVALID_ARGUMENT with every field that breaks a rule, or with a time that is none.
    void check(Message request) {
        times.check(request);
        var violations = violations(request);
        if (!violations.isEmpty()) {
            throw RpcException.invalidFields(
                    violations.stream().map(Validation::toFieldViolation).toList());
        }
    }

    /// Throws INVALID_ARGUMENT with every one of the given fields that breaks a rule.
    ///
    /// @param message a part of a request
    /// @param path where it is within the request, such as `user`
    /// @param fields names of fields of the message
    public void checkFields(Message message, String path, Set<String> fields) {
        var violations =
                violations(message).stream()
                        .map(Validation::toFieldViolation)
                        .filter(v -> fields.contains(v.getField().replaceFirst("[.\\[].*", "")))
                        .map(v -> v.toBuilder().setField(path + "." + v.getField()).build())
                        .toList();
        if (!violations.isEmpty()) {
            throw RpcException.invalidFields(violations);
        }
    }

    private List<Violation> violations(Message request) {
        try {
            return validator.validate(request).getViolations();
        } catch (ValidationException e) {
            throw new IllegalStateException(
                    "the rules of %s can't be applied"
                            .formatted(request.getDescriptorForType().getFullName()),
                    e);
        }
    }

    private static FieldViolation toFieldViolation(Violation violation) {
        var rule = violation.toProto();
        return FieldViolation.newBuilder()
                .setField(path(rule.getField()))
                .setDescription(rule.getMessage())
                .setReason(rule.getRuleId())
                .build();
    }

    private static String path(FieldPath path) {
        return path.getElementsList().stream()
                .map(Validation::element)
                .collect(Collectors.joining("."));
    }

    private static String element(FieldPathElement element) {
        return switch (element.getSubscriptCase()) {
            case INDEX -> element.getFieldName() + "[" + element.getIndex() + "]";
            case STRING_KEY -> element.getFieldName() + "[\"" + element.getStringKey() + "\"]";
            case INT_KEY -> element.getFieldName() + "[" + element.getIntKey() + "]";
            case UINT_KEY -> element.getFieldName() + "[" + element.getUintKey() + "]";
            case BOOL_KEY -> element.getFieldName() + "[" + element.getBoolKey() + "]";
            case SUBSCRIPT_NOT_SET -> element.getFieldName();
        };
    }
}
