package dev.heddle.files;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.heddle.api.ByteRange;
import dev.heddle.api.ContentPart;
import dev.heddle.content.ContentFailures;
import dev.heddle.content.Selection;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.files.v1.DeleteFileRequest;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.DownloadFileResponse;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.FileServiceGrpc;
import dev.heddle.files.v1.GetFileRequest;
import dev.heddle.files.v1.ListFilesRequest;
import dev.heddle.files.v1.ListFilesResponse;
import dev.heddle.files.v1.UpdateFileRequest;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.UpdateMask;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Serves `heddle.files.v1.FileService`; what each method promises is in
/// `proto/heddle/files/v1/files.proto`.
public final class FileService implements Rpcs.Service {
    private static final List<String> CHANGEABLE = List.of("name", "expire_time");

    private final Database database;
    private final FileEvents events;
    private final Pages pages;
    private final Settings settings;
    private final Clock clock;
    private final FileStore store = new FileStore();
    private final ContentStore contents = new ContentStore();
    private final Ids ids = new Ids();
    private final FileSweep sweep;

    private FileService(
            Database database, Feed feed, PageTokens pageTokens, Settings settings, Clock clock) {
        this.database = database;
        this.events = new FileEvents(feed);
        this.pages = new Pages(pageTokens);
        this.settings = settings;
        this.clock = clock;
        this.sweep = FileSweep.start(database, store, contents, events, settings.sweepInterval());
    }

    /// Starts to remove what has expired, until it is closed.
    public static FileService start(
            Database database, Feed feed, PageTokens pageTokens, Settings settings, Clock clock) {
        return new FileService(database, feed, pageTokens, settings, clock);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.clientStreaming(FileServiceGrpc.getUploadFileMethod(), this::upload)
                .serverStreaming(FileServiceGrpc.getDownloadFileMethod(), this::download)
                .unary(FileServiceGrpc.getGetFileMethod(), this::get)
                .unary(FileServiceGrpc.getListFilesMethod(), this::list)
                .unary(FileServiceGrpc.getUpdateFileMethod(), this::update)
                .unary(FileServiceGrpc.getDeleteFileMethod(), this::delete);
    }

    @Override
    public void close() {
        sweep.close();
    }

    File upload(Inbound<UploadFileRequest> in, Call call) {
        var first =
                in.next()
                        .orElseThrow(() ->
                                new RpcException(
                                        Code.INVALID_ARGUMENT,
                                        "no message (expected: one that says what the file is)"));
        var announcement = Announcement.of(first, Times.now(clock), settings);
        var isKept = false;
        var writer =
                new ContentWriter(
                        database, contents, ids.next(), settings.uploadTimeout(), in::release);
        try (writer) {
            write(first, announcement, writer);
            for (var next : in) {
                write(next, announcement, writer);
            }
            var file = keep(announcement, writer, call);
            // an upload that was repeated gets the file of the first
            isKept = file.getId().equals(writer.id());
            return file;
        } catch (RpcException e) {
            throw writer.hasTimedOut() ? writer.timedOut().withCause(e) : e;
        } finally {
            if (!isKept && writer.hasBegun()) {
                sweep.abandon(writer.id());
            }
        }
    }

    private void write(UploadFileRequest piece, Announcement announcement, ContentWriter writer) {
        var data = piece.getContent().getData();
        if (writer.size() + data.size() > settings.maxSize()) {
            throw ContentFailures.tooLarge(settings.maxSize());
        }
        announcement.checkNotBeyond(writer.size() + data.size());
        writer.write(data);
    }

    private File keep(Announcement announcement, ContentWriter writer, Call call) {
        var written = writer.end();
        announcement.check(written);
        return RequestIds.once(
                database,
                call,
                announcement.request().getRequestId(),
                announcement.summary(written),
                File.parser(),
                db -> {
                    writer.handOver(db);
                    var file =
                            announcement.file(
                                    writer.id(),
                                    written,
                                    call.caller().subject(),
                                    Times.now(clock),
                                    Etags.FIRST);
                    store.insert(db, file);
                    events.created(file);
                    return file;
                });
    }

    void download(DownloadFileRequest request, Outbound<DownloadFileResponse> out, Call call) {
        var file = find(request.getId(), call);
        var etag = "\"" + file.getSha256() + "\"";
        var selection =
                new Selection.Wish(
                                // HEAD is about all of a file (RFC 9110, section 14.2)
                                request.getWithoutContent() ? "" : request.getRange(),
                                request.getIfRange(),
                                request.getIfNoneMatch())
                        .of(etag, file.getSize());
        var part =
                ContentPart.newBuilder()
                        .setFileName(file.getName())
                        .setEtag(etag)
                        .setTotalSize(file.getSize());
        switch (selection) {
            case Selection.Unchanged _ -> part.setUnchanged(true);
            case Selection.Whole _ -> {}
            case Selection.Part(var first, var last) ->
                    part.setRange(ByteRange.newBuilder().setFirst(first).setLast(last));
        }
        out.send(
                DownloadFileResponse.newBuilder()
                        .setPart(part)
                        .setContent(HttpBody.newBuilder().setContentType(file.getContentType()))
                        .build());
        if (request.getWithoutContent()) {
            return;
        }
        switch (selection) {
            case Selection.Unchanged _ -> {}
            case Selection.Whole _ -> send(file, 0, file.getSize() - 1, out);
            case Selection.Part(var first, var last) -> send(file, first, last, out);
        }
    }

    /// Each chunk is read by itself, so that no connection waits for a slow caller.
    private void send(File file, long first, long last, Outbound<DownloadFileResponse> out) {
        for (var at = first; at <= last; ) {
            var number = Math.toIntExact(at / ContentStore.CHUNK_SIZE);
            var from = Math.toIntExact(at % ContentStore.CHUNK_SIZE);
            var chunk = chunk(file, number);
            var to = (int) Math.min(chunk.size(), from + last - at + 1);
            out.send(
                    DownloadFileResponse.newBuilder()
                            .setContent(HttpBody.newBuilder().setData(chunk.substring(from, to)))
                            .build());
            at += to - from;
        }
    }

    private ByteString chunk(File file, int number) {
        return database.plain(db -> contents.chunk(db, file.getId(), number))
                .orElseThrow(() ->
                        new RpcException(Code.ABORTED, "the file was deleted meanwhile")
                                .withReason("FILE_DELETED", Map.of("id", file.getId())));
    }

    File get(GetFileRequest request, Call call) {
        return find(request.getId(), call);
    }

    ListFilesResponse list(ListFilesRequest request, Call call) {
        var owner = own(call).person("");
        var only = Condition.ownedBy("owner", owner);
        var page =
                pages.read(
                        new Pages.Request(
                                FileStore.COLUMNS,
                                request.getFilter(),
                                request.getOrderBy(),
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), owner)),
                        (condition, keyset, limit) ->
                                database.plain(
                                        db -> store.list(db, only.and(condition), keyset, limit)));
        return ListFilesResponse.newBuilder()
                .addAllFiles(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    File update(UpdateFileRequest request, Call call) {
        var id = parse(request.getFile().getId());
        var mask = UpdateMask.of(request.getUpdateMask(), File.getDescriptor(), CHANGEABLE);
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                File.parser(),
                db ->
                        update(
                                db,
                                lock(db, id, request.getFile().getEtag(), own(call)),
                                mask,
                                request.getFile()));
    }

    private File update(DbExecute db, File present, UpdateMask mask, File values) {
        var now = Times.now(clock);
        var changed = mask.apply(values, present.toBuilder());
        changed.setName(FileNames.of(changed.getName()))
                .setUpdateTime(now)
                .setEtag(Etags.next(present.getEtag()));
        if (changed.hasExpireTime() && mask.fields().contains("expire_time")) {
            changed.setExpireTime(Announcement.checked(changed.getExpireTime(), now));
        }
        var file = changed.build();
        store.update(db, file);
        events.updated(file);
        return file;
    }

    Empty delete(DeleteFileRequest request, Call call) {
        var id = parse(request.getId());
        var answer =
                RequestIds.once(
                        database,
                        call,
                        request.getRequestId(),
                        request,
                        Empty.parser(),
                        db -> {
                            var file = lock(db, id, request.getEtag(), own(call));
                            store.delete(db, file.getId());
                            contents.orphan(db, List.of(file.getId()));
                            events.deleted(file);
                            return Empty.getDefaultInstance();
                        });
        sweep.wake();
        return answer;
    }

    private File find(String text, Call call) {
        var id = parse(text);
        var own = own(call);
        return database.plain(db -> store.get(db, id))
                .filter(file -> own.reaches(file.getOwner()))
                .orElseThrow(() -> notFound(text));
    }

    /// The file that a write is about.
    ///
    /// @param etag the version that it must have; empty: any
    private File lock(DbExecute db, UUID id, String etag, Ownership own) {
        var file =
                store.lock(db, id)
                        .filter(each -> own.reaches(each.getOwner()))
                        .orElseThrow(() -> notFound(id.toString()));
        Etags.check(etag, file.getEtag(), "the file");
        return file;
    }

    private static Ownership own(Call call) {
        return Ownership.of(call, "files");
    }

    private static UUID parse(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    private static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no file \"%s\"".formatted(id))
                .withReason("FILE_NOT_FOUND", Map.of("id", id));
    }
}
