package dev.heddle.facade.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.rpc.ErrorDetailsProto;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The `.proto` files of some services, all that they import, and the details of errors, which
/// clients look up to read what a status holds; by everything that they declare.
final class Schema {
    private final NavigableSet<String> services = new TreeSet<>();
    private final Map<String, FileDescriptor> byName = new HashMap<>();
    private final Map<String, FileDescriptor> bySymbol = new HashMap<>();
    private final Map<String, NavigableMap<Integer, FileDescriptor>> byExtension = new HashMap<>();

    Schema(Collection<ServiceDescriptor> services) {
        for (var service : services) {
            this.services.add(service.getFullName());
            add(service.getFile());
        }
        add(ErrorDetailsProto.getDescriptor());
    }

    /// The names of the services, sorted.
    NavigableSet<String> services() {
        return services;
    }

    /// The file of a name, such as `google/protobuf/empty.proto`.
    Optional<FileDescriptor> file(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The file that declares a full name: of a message, a field, an enum or its value, a service,
    /// a method or an extension.
    Optional<FileDescriptor> fileOf(String symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /// The file that declares the extension of a number.
    ///
    /// @param type the full name of the message that is extended
    Optional<FileDescriptor> fileOfExtension(String type, int number) {
        return Optional.ofNullable(byExtension.getOrDefault(type, new TreeMap<>()).get(number));
    }

    /// The numbers of the known extensions of a message, sorted; empty if there is no such message.
    Optional<List<Integer>> extensionNumbers(String type) {
        return Optional.ofNullable(byExtension.get(type))
                .map(NavigableMap::keySet)
                .map(List::copyOf)
                .or(() -> fileOf(type).filter(file -> isMessage(file, type)).map(_ -> List.of()));
    }

    private static boolean isMessage(FileDescriptor file, String name) {
        var prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
        var path = name.substring(prefix.length()).split("\\.", -1);
        var message = Optional.ofNullable(file.findMessageTypeByName(path[0]));
        for (int i = 1; i < path.length; i++) {
            var nested = path[i];
            message = message.map(outer -> outer.findNestedTypeByName(nested));
        }
        return message.isPresent();
    }

    private void add(FileDescriptor file) {
        if (byName.putIfAbsent(file.getName(), file) != null) {
            return;
        }
        file.getDependencies().forEach(this::add);
        file.getMessageTypes().forEach(this::add);
        file.getEnumTypes().forEach(this::add);
        file.getExtensions().forEach(this::addExtension);
        for (var service : file.getServices()) {
            addSymbol(service);
            service.getMethods().forEach(this::addSymbol);
        }
    }

    private void add(Descriptor message) {
        addSymbol(message);
        message.getFields().forEach(this::addSymbol);
        message.getOneofs().forEach(this::addSymbol);
        message.getNestedTypes().forEach(this::add);
        message.getEnumTypes().forEach(this::add);
        message.getExtensions().forEach(this::addExtension);
    }

    /// The values of an enum belong to the scope that the enum itself belongs to.
    private void add(EnumDescriptor type) {
        addSymbol(type);
        var scope =
                type.getFullName()
                        .substring(0, type.getFullName().length() - type.getName().length());
        for (var value : type.getValues()) {
            bySymbol.put(scope + value.getName(), type.getFile());
        }
    }

    private void addExtension(FieldDescriptor extension) {
        addSymbol(extension);
        byExtension
                .computeIfAbsent(extension.getContainingType().getFullName(), _ -> new TreeMap<>())
                .put(extension.getNumber(), extension.getFile());
    }

    private void addSymbol(GenericDescriptor symbol) {
        bySymbol.put(symbol.getFullName(), symbol.getFile());
    }
}
