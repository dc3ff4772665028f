package dev.heddle.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The keys of an issuer that publishes them at a URL or in a file.
///
/// They are fetched when they are first needed, when they are old, and when a token names one that
/// is not among them, as after a rotation: by one thread, and never sooner after the last attempt
/// than the settings say, so that tokens that name keys of nobody's don't make the gateway ask.
/// What was had last is kept for as long as nothing newer can be had.
public final class RemoteKeys implements Keys {
    private static final Logger LOGGER = System.getLogger(RemoteKeys.class.getName());
    private static final int TIMEOUT_MILLIS = 3000;
    private static final int MAX_BYTES = 256 << 10;

    private final URI location;
    private final Duration refresh;
    private final Duration maxAge;
    private final DefaultResourceRetriever retriever =
            new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES);
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Known known;

    /// Of the last attempt; under the lock.
    private @Nullable Long attemptNanos;

    private record Known(JWKSet set, long nanos) {
        boolean isOlderThan(Duration age) {
            return System.nanoTime() - nanos > age.toNanos();
        }
    }

    public RemoteKeys(KeySettings settings) {
        this(settings.location(), settings.refresh(), settings.maxAge());
    }

    RemoteKeys(URI location, Duration refresh, Duration maxAge) {
        this.location = location;
        this.refresh = refresh;
        this.maxAge = maxAge;
    }

    @Override
    public List<JWK> find(JWKSelector selector) {
        var current = known;
        if (current == null) {
            return selector.select(first());
        }
        if (current.isOlderThan(maxAge)) {
            renew();
        }
        var found = selector.select(set());
        if (!found.isEmpty()) {
            return found;
        }
        awaitFetch();
        return selector.select(set());
    }

    private JWKSet set() {
        var current = known;
        if (current == null) {
            throw new RpcException(Code.UNAVAILABLE, "the issuer's keys can't be had just now")
                    .withReason("KEYS_UNAVAILABLE")
                    .withRetryAfter(refresh);
        }
        return current.set();
    }

    private JWKSet first() {
        awaitFetch();
        return set();
    }

    /// Others do with the old ones meanwhile.
    private void renew() {
        if (fetching.tryLock()) {
            try {
                fetch();
            } finally {
                fetching.unlock();
            }
        }
    }

    private void awaitFetch() {
        fetching.lock();
        try {
            fetch();
        } finally {
            fetching.unlock();
        }
    }

    private void fetch() {
        var now = System.nanoTime();
        if (attemptNanos != null && now - attemptNanos < refresh.toNanos()) {
            return;
        }
        attemptNanos = now;
        try {
            var text = retriever.retrieveResource(location.toURL()).getContent();
            known = new Known(JWKSet.parse(text).toPublicJWKSet(), now);
        } catch (IOException | ParseException | RuntimeException e) {
            // whatever is wrong with what is there: the last good keys go on
            LOGGER.log(Level.WARNING, "no keys from security.jwks %s".formatted(location), e);
        }
    }
}
