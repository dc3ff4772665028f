package dev.heddle.facade.docs;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.rpc.ErrorDetailsProto;
import dev.heddle.rpc.Rpcs;
import dev.heddle.websocket.v1.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.stream.Collectors;

/// The `.proto` files of all methods, those that they import, and those of what goes over the wire
/// though no method names it; an imported one before those that import it.
///
/// @param files by name, such as `google/api/http.proto`; with comments where they are known
record Contracts(Map<String, FileDescriptorProto> files) {
    private static final String COMPILED = "/dev/heddle/descriptors.binpb";

    /// What an error may hold in its details, and what WebSockets wrap messages in.
    private static final List<FileDescriptor> UNNAMED =
            List.of(ErrorDetailsProto.getDescriptor(), Envelope.getDescriptor().getFile());

    /// The files that the methods come from; their comments are in what the build compiled.
    static Contracts of(Rpcs rpcs) {
        return of(rpcs, compiled());
    }

    /// @param compiled where the comments are, for files that are in it
    static Contracts of(Rpcs rpcs, FileDescriptorSet compiled) {
        var withComments =
                compiled.getFileList().stream()
                        .collect(Collectors.toMap(FileDescriptorProto::getName, file -> file));
        var files = new LinkedHashMap<String, FileDescriptorProto>();
        reachable(rpcs)
                .values()
                .forEach(file ->
                        files.put(
                                file.getName(),
                                Optional.ofNullable(withComments.get(file.getName()))
                                        .orElseGet(file::toProto)));
        return new Contracts(files);
    }

    /// The names of the files of some methods, without the cost of the files.
    static SequencedCollection<String> names(Rpcs rpcs) {
        return reachable(rpcs).sequencedKeySet();
    }

    /// A file as it is written, from the class path, where Java's libraries keep theirs as well.
    static Optional<String> text(String name) {
        try (var in = Contracts.class.getResourceAsStream("/" + name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FileDescriptorSet toSet() {
        return FileDescriptorSet.newBuilder().addAllFile(files.values()).build();
    }

    private static LinkedHashMap<String, FileDescriptor> reachable(Rpcs rpcs) {
        var files = new LinkedHashMap<String, FileDescriptor>();
        rpcs.all().forEach(rpc -> collect(rpc.contract().descriptor().getFile(), files));
        UNNAMED.forEach(file -> collect(file, files));
        return files;
    }

    private static void collect(FileDescriptor file, Map<String, FileDescriptor> into) {
        if (!into.containsKey(file.getName())) {
            file.getDependencies().forEach(imported -> collect(imported, into));
            into.put(file.getName(), file);
        }
    }

    private static FileDescriptorSet compiled() {
        try (InputStream in = Contracts.class.getResourceAsStream(COMPILED)) {
            if (in == null) {
                throw new IllegalStateException(
                        "resource %s: missing (expected: written by the build)"
                                .formatted(COMPILED));
            }
            return FileDescriptorSet.parseFrom(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
