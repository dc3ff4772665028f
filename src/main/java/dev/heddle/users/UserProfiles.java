package dev.heddle.users;

import com.fasterxml.jackson.core.JsonFactory;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.async.Part;
import dev.heddle.rpc.RpcException;
import dev.heddle.source.Source;
import dev.heddle.source.Sources;
import dev.heddle.users.v1.ProfilePart;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserProfile;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What other servers say of users, each asked at the same time as the others and for as long as it
/// has.
public final class UserProfiles {
    private static final JsonFactory JSON = new JsonFactory();

    private final Optional<Source> profile;
    private final Optional<Source> posts;
    private final Optional<Source> comments;
    private final Duration timeout;

    /// The servers: for each the address that it is asked at, `{id}` standing for the user; empty,
    /// the default, where there is none.
    ///
    /// @param profileUrl the server for profiles; key `users.profile.profile-url`
    /// @param postsUrl the server for posts; key `users.profile.posts-url`
    /// @param commentsUrl the server for comments; key `users.profile.comments-url`
    /// @param timeout how long each has, more than zero, default 1 s; key `users.profile.timeout`
    public record Settings(
            String profileUrl, String postsUrl, String commentsUrl, Duration timeout) {
        public static final Settings NONE = new Settings("", "", "", Duration.ofSeconds(1));

        public Settings {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException(
                        "users.profile.timeout: %s (expected: > 0)".formatted(timeout));
            }
        }
    }

    public UserProfiles(Sources sources, Settings settings) {
        this.profile = source(sources, "users.profile.profile-url", settings.profileUrl());
        this.posts = source(sources, "users.profile.posts-url", settings.postsUrl());
        this.comments = source(sources, "users.profile.comments-url", settings.commentsUrl());
        this.timeout = settings.timeout();
    }

    private static Optional<Source> source(Sources sources, String key, String url) {
        return url.isEmpty() ? Optional.empty() : Optional.of(sources.source(key, url));
    }

    /// The profile of a user, as far as it can be had.
    UserProfile of(User user) {
        try (var gather = Gather.open()) {
            var ofProfile = ask(gather, "profile", profile, user);
            var ofPosts = ask(gather, "posts", posts, user);
            var ofComments = ask(gather, "comments", comments, user);
            var answer =
                    UserProfile.newBuilder()
                            .setUser(user)
                            .setProfile(part(ofProfile))
                            .setPosts(part(ofPosts))
                            .setComments(part(ofComments));
            return answer.setPartial(
                            answer.getProfile().hasError()
                                    || answer.getPosts().hasError()
                                    || answer.getComments().hasError())
                    .build();
        }
    }

    private Part<Value> ask(Gather gather, String name, Optional<Source> source, User user) {
        return gather.fork(
                name,
                timeout,
                () -> read(source.orElseThrow(() -> notConfigured(name)).get(user.getId())));
    }

    private static ProfilePart part(Part<Value> asked) {
        var part =
                ProfilePart.newBuilder()
                        .setDuration(Durations.fromNanos(asked.outcome().time().toNanos()));
        return switch (asked.outcome()) {
            case Outcome.Success<Value> answer -> part.setContent(answer.value()).build();
            case Outcome.Failure<Value> failure ->
                    part.setError(failure.reason().toStatus()).build();
        };
    }

    private static Value read(String json) {
        var value = Value.newBuilder();
        try {
            check(json);
            JsonFormat.parser().merge(json, value);
            return value.build();
        } catch (IOException e) {
            throw new RpcException(Code.INTERNAL, "the source's answer is no JSON")
                    .withReason(Source.BROKEN)
                    .withCause(e);
        }
    }

    /// Protobuf's parser takes much that is no JSON for text.
    private static void check(String json) throws IOException {
        try (var parser = JSON.createParser(json)) {
            var token = parser.nextToken();
            while (token != null) {
                token = parser.nextToken();
            }
        }
    }

    private static RpcException notConfigured(String name) {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "no server to ask (expected: users.profile.%s-url)".formatted(name))
                .withReason("SOURCE_NOT_CONFIGURED");
    }
}
