package dev.heddle.facade.json;

import com.google.protobuf.AnyProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WireFormat;
import com.google.protobuf.WrappersProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The codec of each type, made when it is first needed, and the types that an `Any` may hold.
final class Codecs {
    private static final String WELL_KNOWN = "google.protobuf";

    /// What an `Any` may hold whatever is served: the details of errors, and what Protobuf brings.
    private static final List<FileDescriptor> COMMON =
            List.of(
                    StatusProto.getDescriptor(),
                    ErrorDetailsProto.getDescriptor(),
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor());

    private final Map<String, Descriptor> byName = new HashMap<>();
    private final Map<Descriptor, MessageCodec> messages = new ConcurrentHashMap<>();
    private final Map<FieldDescriptor, FieldCodec> fields = new ConcurrentHashMap<>();

    /// @param files whose types, and those of the files that they import, an `Any` may hold
    Codecs(Collection<FileDescriptor> files) {
        var known = new HashSet<FileDescriptor>();
        files.forEach(file -> addFile(file, known));
        COMMON.forEach(file -> addFile(file, known));
    }

    private void addFile(FileDescriptor file, Set<FileDescriptor> known) {
        if (known.add(file)) {
            file.getMessageTypes().forEach(this::addType);
            file.getDependencies().forEach(imported -> addFile(imported, known));
        }
    }

    private void addType(Descriptor type) {
        byName.putIfAbsent(type.getFullName(), type);
        type.getNestedTypes().forEach(this::addType);
    }

    /// The type that a URL, such as `type.googleapis.com/google.rpc.ErrorInfo`, ends with.
    Optional<Descriptor> typeOf(String url) {
        var slash = url.lastIndexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.ofNullable(byName.get(url.substring(slash + 1)));
    }

    MessageCodec of(Descriptor type) {
        var known = messages.get(type);
        return known == null ? messages.computeIfAbsent(type, this::make) : known;
    }

    FieldCodec of(FieldDescriptor field) {
        var known = fields.get(field);
        return known == null ? fields.computeIfAbsent(field, this::make) : known;
    }

    private FieldCodec make(FieldDescriptor field) {
        if (field.isMapField()) {
            var entry = field.getMessageType();
            return new MapCodec(
                    field,
                    (ValueCodec.Key) value(entry.findFieldByNumber(1)),
                    value(entry.findFieldByNumber(2)));
        }
        return field.isRepeated()
                ? new FieldCodec.Repeated(field, value(field))
                : new FieldCodec.Single(field, value(field));
    }

    private MessageCodec make(Descriptor type) {
        if (!type.getFile().getPackage().equals(WELL_KNOWN)) {
            return new ObjectCodec(type, this);
        }
        return switch (type.getName()) {
            case "Any" -> new AnyCodec(this);
            case "Timestamp" -> new TimestampCodec();
            case "Duration" -> new DurationCodec();
            case "FieldMask" -> new FieldMaskCodec();
            case "Struct" -> StructCodec.INSTANCE;
            case "Value" -> FreeValueCodec.INSTANCE;
            case "ListValue" -> ListValueCodec.INSTANCE;
            case "BoolValue",
                    "BytesValue",
                    "DoubleValue",
                    "FloatValue",
                    "Int32Value",
                    "Int64Value",
                    "StringValue",
                    "UInt32Value",
                    "UInt64Value" ->
                    new WrapperCodec(value(type.findFieldByNumber(1)));
            default -> new ObjectCodec(type, this);
        };
    }

    private ValueCodec value(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32 -> IntegerCodec.INT32;
            case SINT32 -> IntegerCodec.SINT32;
            case SFIXED32 -> IntegerCodec.SFIXED32;
            case UINT32 -> IntegerCodec.UINT32;
            case FIXED32 -> IntegerCodec.FIXED32;
            case INT64 -> IntegerCodec.INT64;
            case SINT64 -> IntegerCodec.SINT64;
            case SFIXED64 -> IntegerCodec.SFIXED64;
            case UINT64 -> IntegerCodec.UINT64;
            case FIXED64 -> IntegerCodec.FIXED64;
            case FLOAT -> FloatingCodec.FLOAT;
            case DOUBLE -> FloatingCodec.DOUBLE;
            case BOOL -> BoolCodec.INSTANCE;
            case STRING -> field.needsUtf8Check() ? StringCodec.CHECKED : StringCodec.UNCHECKED;
            case BYTES -> BytesCodec.INSTANCE;
            case ENUM ->
                    field.getEnumType().getFullName().equals("google.protobuf.NullValue")
                            ? NullCodec.INSTANCE
                            : new EnumCodec(field.getEnumType());
            case MESSAGE -> new NestedCodec(of(field.getMessageType()));
            case GROUP ->
                    new NestedCodec.Group(of(field.getMessageType()), endTag(field.getNumber()));
        };
    }

    private static int endTag(int number) {
        return FieldCodec.tag(number, WireFormat.WIRETYPE_END_GROUP);
    }
}
