package dev.heddle.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.source.Source;
import dev.heddle.source.Sources;
import dev.heddle.testing.Await;
import dev.heddle.users.v1.ProfilePart;
import dev.heddle.users.v1.User;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UserProfilesTest {
    private static final User ADA = User.newBuilder().setId("ada").build();

    private volatile Function<String, Reply> replies = path -> Reply.of("[\"" + path + "\"]");
    private final JsonServer server = JsonServer.start(path -> replies.apply(path));
    private final Sources sources =
            Sources.open(dev.heddle.source.Settings.DEFAULT, new SimpleMeterRegistry());

    @AfterEach
    void close() {
        sources.close();
        server.close();
    }

    @Test
    void profileHasWhatEachServerSays() {
        var profile = profiles(Duration.ofSeconds(30)).of(ADA);

        assertThat(profile.getUser()).isEqualTo(ADA);
        assertThat(profile.getPartial()).isFalse();
        assertThat(text(profile.getProfile())).isEqualTo("/users/ada");
        assertThat(text(profile.getPosts())).isEqualTo("/posts?of=ada");
        assertThat(text(profile.getComments())).isEqualTo("/comments?of=ada");
        assertThat(profile.getPosts().hasDuration()).isTrue();
    }

    @Test
    void oneThatFailsLeavesTheOthersAlone() {
        replies =
                path ->
                        path.startsWith("/posts")
                                ? new Reply(503, "{}", Duration.ZERO)
                                : Reply.of("{}");

        var profile = profiles(Duration.ofSeconds(30)).of(ADA);

        assertThat(profile.getPartial()).isTrue();
        assertThat(profile.getProfile().hasContent()).isTrue();
        assertThat(reason(profile.getPosts())).contains(Source.UNAVAILABLE);
        assertThat(profile.getComments().hasContent()).isTrue();
    }

    @Test
    void oneThatTakesTooLongSeesItsConnectionClosed() {
        replies =
                path ->
                        path.startsWith("/comments")
                                ? new Reply(200, "{}", Duration.ofHours(1))
                                : Reply.of("{}");

        var profile = profiles(Duration.ofMillis(500)).of(ADA);

        assertThat(profile.getPartial()).isTrue();
        assertThat(reason(profile.getComments())).contains(Task.TIMED_OUT);
        Await.until("an abandoned request", () -> server.abandoned() > 0);
    }

    @Test
    void answerThatIsNoJsonIsAFailure() {
        replies = _ -> Reply.of("<html>");

        assertThat(reason(profiles(Duration.ofSeconds(30)).of(ADA).getPosts()))
                .contains(Source.BROKEN);
    }

    @Test
    void serverThatIsNotConfiguredIsNamed() {
        var nobody = new UserProfiles.Settings("", "", "", Duration.ofSeconds(30));

        var profile = new UserProfiles(sources, nobody).of(ADA);

        assertThat(profile.getPartial()).isTrue();
        assertThat(reason(profile.getProfile())).contains("SOURCE_NOT_CONFIGURED");
        assertThat(profile.getProfile().getError().getMessage())
                .isEqualTo("no server to ask (expected: users.profile.profile-url)");
    }

    private UserProfiles profiles(Duration timeout) {
        return new UserProfiles(
                sources,
                new UserProfiles.Settings(
                        server.address("/users/{id}"),
                        server.address("/posts?of={id}"),
                        server.address("/comments?of={id}"),
                        timeout));
    }

    private static String text(ProfilePart part) {
        return part.getContent().getListValue().getValues(0).getStringValue();
    }

    private static Optional<String> reason(ProfilePart part) {
        return RpcException.of(part.getError()).reason();
    }
}
