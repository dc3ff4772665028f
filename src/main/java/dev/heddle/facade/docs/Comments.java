package dev.heddle.facade.docs;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The comments above the elements of `.proto` files, by the full names of the elements.
final class Comments {
    /// Notes to linters, which mean nothing to readers.
    private static final Pattern LINTER = Pattern.compile("(?s)\\(--.*?--\\)|buf:lint:[^\n]*");

    private static final Pattern SENTENCE = Pattern.compile("(?s)^(.+?)[.](\\s.*)?$");

    private final Map<String, String> byName = new HashMap<>();

    private Comments() {}

    static Comments of(Contracts contracts) {
        var comments = new Comments();
        contracts.files().values().forEach(file -> new Reader(file, comments.byName).read());
        return comments;
    }

    /// Empty where there is none.
    String of(GenericDescriptor element) {
        return byName.getOrDefault(element.getFullName(), "");
    }

    /// The first sentence of a comment without its full stop, in one line.
    static String summary(String comment) {
        var paragraph = comment.split("\n\n", 2)[0].replace('\n', ' ').strip();
        var sentence = SENTENCE.matcher(paragraph);
        return sentence.matches() ? sentence.group(1) : paragraph;
    }

    /// Reads one file. A location is a path of field numbers and indices through the file's own
    /// descriptor (`google/protobuf/descriptor.proto`, SourceCodeInfo).
    private static final class Reader {
        private final FileDescriptorProto file;
        private final Map<List<Integer>, String> byPath;
        private final Map<String, String> into;

        Reader(FileDescriptorProto file, Map<String, String> into) {
            this.file = file;
            this.into = into;
            this.byPath =
                    file.getSourceCodeInfo().getLocationList().stream()
                            .filter(location -> location.hasLeadingComments())
                            .collect(
                                    Collectors.toMap(
                                            location -> location.getPathList(),
                                            location -> clean(location.getLeadingComments()),
                                            (first, _) -> first));
        }

        void read() {
            for (int i = 0; i < file.getMessageTypeCount(); i++) {
                message(
                        file.getMessageType(i),
                        file.getPackage(),
                        List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < file.getEnumTypeCount(); i++) {
                enumeration(
                        file.getEnumType(i),
                        file.getPackage(),
                        List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < file.getServiceCount(); i++) {
                service(file.getService(i), List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i));
            }
        }

        private void message(DescriptorProto message, String scope, List<Integer> path) {
            var name = put(scope, message.getName(), path);
            for (int i = 0; i < message.getFieldCount(); i++) {
                put(
                        name,
                        message.getField(i).getName(),
                        append(path, DescriptorProto.FIELD_FIELD_NUMBER, i));
            }
            for (int i = 0; i < message.getOneofDeclCount(); i++) {
                put(
                        name,
                        message.getOneofDecl(i).getName(),
                        append(path, DescriptorProto.ONEOF_DECL_FIELD_NUMBER, i));
            }
            for (int i = 0; i < message.getNestedTypeCount(); i++) {
                message(
                        message.getNestedType(i),
                        name,
                        append(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < message.getEnumTypeCount(); i++) {
                enumeration(
                        message.getEnumType(i),
                        name,
                        append(path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
            }
        }

        private void enumeration(EnumDescriptorProto type, String scope, List<Integer> path) {
            var name = put(scope, type.getName(), path);
            for (int i = 0; i < type.getValueCount(); i++) {
                // EnumValueDescriptor's full name has the type in it, whatever C++ says
                put(
                        name,
                        type.getValue(i).getName(),
                        append(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, i));
            }
        }

        private void service(ServiceDescriptorProto service, List<Integer> path) {
            var name = put(file.getPackage(), service.getName(), path);
            for (int i = 0; i < service.getMethodCount(); i++) {
                put(
                        name,
                        service.getMethod(i).getName(),
                        append(path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i));
            }
        }

        private String put(String scope, String name, List<Integer> path) {
            var fullName = scope.isEmpty() ? name : scope + "." + name;
            var comment = byPath.get(path);
            if (comment != null) {
                into.put(fullName, comment);
            }
            return fullName;
        }

        private static List<Integer> append(List<Integer> path, int number, int index) {
            var longer = new ArrayList<>(path);
            longer.add(number);
            longer.add(index);
            return longer;
        }

        private static String clean(String comment) {
            return LINTER.matcher(comment)
                    .replaceAll("")
                    .lines()
                    .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                    .map(String::stripTrailing)
                    .collect(Collectors.joining("\n"))
                    .strip();
        }
    }
}
