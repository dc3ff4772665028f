package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.demo.Shop;
import dev.heddle.prices.v1.GetFastestRequest;
import dev.heddle.prices.v1.ListOffersRequest;
import dev.heddle.prices.v1.PriceServiceGrpc;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.GetProfileRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Prices and profiles, from servers with faults, over gRPC and over HTTP.
@Timeout(120)
final class SourcesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Shop QUICK = shop(Duration.ofMillis(20), 0);
    private static final Shop STUCK = shop(HOUR, 0);
    private static final Shop DOWN = shop(Duration.ZERO, 100);
    private static final JsonServer PEOPLE = JsonServer.start(SourcesTest::ofPeople);
    private static final TestGateway GATEWAY = open();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ManagedChannel CHANNEL =
            NettyChannelBuilder.forAddress("127.0.0.1", GATEWAY.port()).usePlaintext().build();

    private final PriceServiceGrpc.PriceServiceBlockingStub prices =
            PriceServiceGrpc.newBlockingStub(CHANNEL)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(credentials()));
    private final UserServiceGrpc.UserServiceBlockingStub users =
            UserServiceGrpc.newBlockingStub(CHANNEL)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(credentials()));

    private static Shop shop(Duration delay, int failurePercent) {
        return Shop.open(
                new Shop.Manner(delay, Duration.ZERO, failurePercent, "EUR"), new Random(1));
    }

    private static Reply ofPeople(String path) {
        return path.startsWith("/slow")
                ? new Reply(200, "{}", HOUR)
                : Reply.of("{\"path\":\"" + path + "\"}");
    }

    private static TestGateway open() {
        try {
            return TestGateway.open(
                            TestPostgres.createDatabase(),
                            Map.of(
                                    "prices.stores",
                                    "down=%s,stuck=%s,quick=%s"
                                            .formatted(
                                                    DOWN.template(),
                                                    STUCK.template(),
                                                    QUICK.template()),
                                    "prices.timeout",
                                    "2s",
                                    "users.profile.profile-url",
                                    PEOPLE.address("/people/{id}"),
                                    "users.profile.posts-url",
                                    PEOPLE.address("/slow/{id}"),
                                    "users.profile.timeout",
                                    "500ms"))
                    .start();
        } catch (Exception e) {
            throw new AssertionError("no gateway", e);
        }
    }

    @AfterAll
    static void close() {
        CHANNEL.shutdownNow();
        HTTP.shutdownNow();
        GATEWAY.close();
        PEOPLE.close();
        QUICK.close();
        STUCK.close();
        DOWN.close();
    }

    @Test
    void fastestPriceWinsOverGrpc() {
        var abandoned = STUCK.abandoned();

        var offer = prices.getFastest(GetFastestRequest.newBuilder().setId("loom").build());

        assertThat(offer.getStore()).isEqualTo("quick");
        assertThat(offer.getPrice().getCurrencyCode()).isEqualTo("EUR");
        awaitAbandoned(abandoned);
    }

    @Test
    void fastestPriceWinsOverHttp() throws Exception {
        var abandoned = STUCK.abandoned();

        var offer = get("/v1/products/loom/prices:fastest");

        assertThat(offer.path("store").asText()).isEqualTo("quick");
        assertThat(offer.at("/price/currencyCode").asText()).isEqualTo("EUR");
        awaitAbandoned(abandoned);
    }

    @Test
    void everyStoreHasItsOutcomeOverBoth() throws Exception {
        var overGrpc = prices.listOffers(ListOffersRequest.newBuilder().setId("loom").build());
        var overHttp = get("/v1/products/loom/prices");

        assertThat(overGrpc.getOutcomesList())
                .extracting(outcome -> outcome.getStore() + " " + outcome.getResultCase())
                .containsExactly("down ERROR", "stuck ERROR", "quick PRICE");
        assertThat(overHttp.at("/outcomes/0/error/code").asInt()).isEqualTo(14);
        assertThat(overHttp.at("/outcomes/1/error/code").asInt()).isEqualTo(4);
        assertThat(overHttp.at("/outcomes/2/price/units").isMissingNode()).isFalse();
    }

    @Test
    void profileIsThereAsFarAsItCanBeHad() throws Exception {
        var user =
                users.createUser(
                        CreateUserRequest.newBuilder()
                                .setUser(
                                        User.newBuilder()
                                                .setName("Ada")
                                                .setEmail(UUID.randomUUID() + "@example.com"))
                                .build());

        var overGrpc = users.getProfile(GetProfileRequest.newBuilder().setId(user.getId()).build());
        var overHttp = get("/v1/users/%s/profile".formatted(user.getId()));

        assertThat(overGrpc.getUser()).isEqualTo(user);
        assertThat(overGrpc.getPartial()).isTrue();
        assertThat(overGrpc.getProfile().getContent().getStructValue().getFieldsOrThrow("path"))
                .extracting(path -> path.getStringValue())
                .isEqualTo("/people/" + user.getId());
        assertThat(overGrpc.getPosts().getError().getCode()).isEqualTo(4);
        assertThat(overGrpc.getComments().getError().getCode()).isEqualTo(9);
        assertThat(overHttp.path("partial").asBoolean()).isTrue();
        assertThat(overHttp.at("/profile/content/path").asText())
                .isEqualTo("/people/" + user.getId());
        assertThat(overHttp.at("/posts/error/code").asInt()).isEqualTo(4);
    }

    private static Metadata credentials() {
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + GATEWAY.token());
        return headers;
    }

    private static JsonNode get(String target) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + GATEWAY.port() + target))
                        .header("authorization", "Bearer " + GATEWAY.token())
                        .build();
        var response = HTTP.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    private static void awaitAbandoned(int before) {
        while (STUCK.abandoned() == before) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
