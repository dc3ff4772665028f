package dev.heddle.identity;

import com.google.protobuf.Empty;
import com.google.protobuf.util.Timestamps;
import dev.heddle.db.IdShelf;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.Times;
import dev.heddle.identity.v1.ApiKey;
import dev.heddle.identity.v1.CreateApiKeyRequest;
import dev.heddle.identity.v1.CreateApiKeyResponse;
import dev.heddle.identity.v1.CreateTicketRequest;
import dev.heddle.identity.v1.IdentityServiceGrpc;
import dev.heddle.identity.v1.ListApiKeysRequest;
import dev.heddle.identity.v1.ListApiKeysResponse;
import dev.heddle.identity.v1.RevokeApiKeyRequest;
import dev.heddle.identity.v1.RevokeTokenRequest;
import dev.heddle.identity.v1.Ticket;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import java.time.Clock;
import java.util.List;

/// Serves `heddle.identity.v1.IdentityService`; what each method promises is in
/// `proto/heddle/identity/v1/identity.proto`.
public final class IdentityService implements Rpcs.Service {
    private final Identity identity;
    private final Pages pages;
    private final Clock clock;

    public IdentityService(Identity identity, PageTokens pageTokens, Clock clock) {
        this.identity = identity;
        this.pages = new Pages(pageTokens);
        this.clock = clock;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(IdentityServiceGrpc.getCreateApiKeyMethod(), this::createApiKey)
                .unary(IdentityServiceGrpc.getListApiKeysMethod(), this::listApiKeys)
                .unary(IdentityServiceGrpc.getRevokeApiKeyMethod(), this::revokeApiKey)
                .unary(IdentityServiceGrpc.getRevokeTokenMethod(), this::revokeToken)
                .unary(IdentityServiceGrpc.getCreateTicketMethod(), this::createTicket);
    }

    CreateApiKeyResponse createApiKey(CreateApiKeyRequest request, Call call) {
        var wish = request.getApiKey();
        var caller = call.caller();
        for (var scope : wish.getScopesList()) {
            if (!caller.holds(scope)) {
                throw RpcException.missingScope(scope);
            }
        }
        var subject = wish.getSubject().isEmpty() ? caller.subject() : wish.getSubject();
        var own = own(call);
        if (!own.reaches(subject)) {
            throw RpcException.missingScope(own.scope());
        }
        if (wish.hasExpireTime()
                && Timestamps.compare(wish.getExpireTime(), Times.now(clock)) <= 0) {
            throw RpcException.invalidField(
                    "api_key.expire_time",
                    "%s (expected: the future)"
                            .formatted(Timestamps.toString(wish.getExpireTime())));
        }
        var made = identity.keys().make(wish, subject);
        return CreateApiKeyResponse.newBuilder()
                .setApiKey(made.apiKey())
                .setKey(made.key())
                .build();
    }

    ListApiKeysResponse listApiKeys(ListApiKeysRequest request, Call call) {
        var holder = own(call).person("");
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), holder)),
                        IdShelf.oldestFirst(
                                (after, limit) -> identity.keys().list(holder, after, limit),
                                ApiKey::getId));
        return ListApiKeysResponse.newBuilder()
                .addAllApiKeys(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    ApiKey revokeApiKey(RevokeApiKeyRequest request, Call call) {
        return identity.keys().revoke(request.getId(), own(call));
    }

    Empty revokeToken(RevokeTokenRequest request, Call call) {
        switch (request.getTargetCase()) {
            case JTI -> identity.log().revokeToken(request.getJti());
            case SUBJECT -> identity.log().revokeSubject(request.getSubject());
            case TARGET_NOT_SET ->
                    throw RpcException.invalidField("jti", "absent (expected: jti or subject)");
        }
        return Empty.getDefaultInstance();
    }

    Ticket createTicket(CreateTicketRequest request, Call call) {
        return identity.tickets().make(call.caller());
    }

    private static Ownership own(Call call) {
        return Ownership.of(call, "identity");
    }
}
