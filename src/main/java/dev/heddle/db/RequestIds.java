package dev.heddle.db;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Makes a repeated write harmless (AIP-155): the id that a caller gave to a request is kept, with
/// the answer, in the transaction of the write itself. So there is an answer exactly where there is
/// the write, whatever crashes in between.
///
/// An id belongs to a caller and a method. It is kept for a day at least; [RequestIdSweep] removes
/// it after that. A write that failed leaves no id: its repetition is tried anew.
public final class RequestIds {
    private static final String FIELD = "request_id";

    private RequestIds() {}

    /// Writes in a transaction that also keeps the request's id, or answers as the first time.
    ///
    /// Where two requests of one id come at the same time the second waits for the first's
    /// transaction, and writes if that was rolled back.
    ///
    /// @param call the call that asks for it
    /// @param requestId the id, empty for a write that may be repeated
    /// @param request all that the caller sent
    /// @param parser of the answer
    /// @param write the write
    /// @throws RpcException ALREADY_EXISTS, reason `REQUEST_ID_REUSED`, if the id was given to
    ///   another request
    public static <R extends Message> R once(
            Database database,
            Call call,
            String requestId,
            Message request,
            Parser<R> parser,
            Database.Body<R> write) {
        return database.transaction(db ->
                requestId.isEmpty()
                        ? write.run(db)
                        : once(db, call, requestId, request, parser, write));
    }

    private static <R extends Message> R once(
            DbExecute db,
            Call call,
            String requestId,
            Message request,
            Parser<R> parser,
            Database.Body<R> write) {
        var key = new Key(call.caller().subject(), call.rpc().contract().name(), requestId);
        var fingerprint = fingerprint(request);
        if (!key.claim(db, fingerprint)) {
            return parse(key.answer(db, fingerprint), parser);
        }
        var response = write.run(db);
        key.keep(db, response);
        return response;
    }

    /// The answer that the request was given before; for a write that is not a transaction alone,
    /// to ask before its first.
    ///
    /// @throws RpcException ALREADY_EXISTS, reason `REQUEST_ID_REUSED`, if the id was given to
    ///   another request
    public static <R extends Message> Optional<R> find(
            DbExecute db, Call call, String requestId, Message request, Parser<R> parser) {
        return requestId.isEmpty()
                ? Optional.empty()
                : new Key(call.caller().subject(), call.rpc().contract().name(), requestId)
                        .find(db, fingerprint(request))
                        .map(answer -> parse(answer, parser));
    }

    /// Checks that the requests of a batch have no ids of their own: there is one write, and one
    /// answer.
    ///
    /// @param ids those of the requests, empty where there is none
    /// @throws RpcException INVALID_ARGUMENT that names the first that has one
    public static void checkNone(List<String> ids) {
        for (var i = 0; i < ids.size(); i++) {
            if (!ids.get(i).isEmpty()) {
                throw RpcException.invalidField(
                        "requests[%d].request_id".formatted(i),
                        "set (expected: request_id of the batch alone)");
            }
        }
    }

    private record Key(String caller, String method, String requestId) {
        /// Waits for a transaction that holds the same key.
        boolean claim(DbExecute db, byte[] fingerprint) {
            return db.createNamedInsert(
                                    "request_ids.claim",
                                    """
                                    INSERT INTO request_ids (caller, method, request_id, fingerprint)
                                    VALUES (:caller, :method, :request_id, :fingerprint)
                                    ON CONFLICT DO NOTHING
                                    """)
                            .addParam("caller", caller)
                            .addParam("method", method)
                            .addParam("request_id", requestId)
                            .addParam("fingerprint", fingerprint)
                            .execute()
                    == 1;
        }

        ByteString answer(DbExecute db, byte[] fingerprint) {
            return find(db, fingerprint)
                    .orElseThrow(() ->
                            new RpcException(
                                    Code.ABORTED, "the request id has just expired; try again"));
        }

        Optional<ByteString> find(DbExecute db, byte[] fingerprint) {
            return db.createNamedGet(
                            "request_ids.get",
                            """
                            SELECT fingerprint, response FROM request_ids
                            WHERE caller = :caller AND method = :method
                              AND request_id = :request_id
                            """)
                    .addParam("caller", caller)
                    .addParam("method", method)
                    .addParam("request_id", requestId)
                    .execute()
                    .map(row -> answer(Row.of(row), fingerprint));
        }

        private ByteString answer(Row kept, byte[] fingerprint) {
            if (!kept.bytes(1).equals(ByteString.copyFrom(fingerprint))) {
                throw new RpcException(
                                Code.ALREADY_EXISTS,
                                "request_id \"%s\" was used for another request (expected: one id a request)"
                                        .formatted(requestId))
                        .withReason("REQUEST_ID_REUSED");
            }
            return kept.bytes(2);
        }

        void keep(DbExecute db, Message response) {
            db.createNamedUpdate(
                            "request_ids.keep",
                            """
                            UPDATE request_ids SET response = :response
                            WHERE caller = :caller AND method = :method
                              AND request_id = :request_id
                            """)
                    .addParam("caller", caller)
                    .addParam("method", method)
                    .addParam("request_id", requestId)
                    .addParam("response", response.toByteArray())
                    .execute();
        }
    }

    /// The same for all requests that say the same but for their id.
    private static byte[] fingerprint(Message request) {
        var content = request.toBuilder();
        var field = request.getDescriptorForType().findFieldByName(FIELD);
        if (field != null) {
            content.clearField(field);
        }
        return Digests.sha256(deterministicBytes(content.build()));
    }

    private static byte[] deterministicBytes(Message message) {
        var bytes = new byte[message.getSerializedSize()];
        var out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes the message that it was made for", e);
        }
        return bytes;
    }

    private static <R> R parse(ByteString bytes, Parser<R> parser) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer that was kept can't be read", e);
        }
    }
}
