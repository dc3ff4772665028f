package dev.heddle.demo;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/// What people have to say, and what there is to see of what they do.
final class Talk {
    private static final int MOST_POSTS = 10_000;
    private static final String ROOM = "lobby";

    private final Api api;
    private final Goods goods;
    private final Known members;
    private final RandomGenerator random;
    private final Known posts;

    /// @param goods what they talk about
    /// @param members who talk
    Talk(Api api, Goods goods, Known members, RandomGenerator random) {
        this.api = api;
        this.goods = goods;
        this.members = members;
        this.random = random;
        this.posts = new Known(random, MOST_POSTS);
    }

    /// Opens a room to talk in, where there is none yet, and writes a first post.
    void begin() throws IOException, InterruptedException {
        try {
            api.post("/v1/rooms?room_id=" + ROOM, "{\"title\":\"Lobby\"}");
        } catch (Api.RefusedException _) {
            // it is there
        }
        write();
    }

    List<Errand> errands() {
        return List.of(
                new Errand(8, "actions recorded", this::act),
                new Errand(6, "posts read", this::read),
                new Errand(2, "posts written", this::write),
                new Errand(4, "comments written", this::comment),
                new Errand(4, "messages sent", this::chat),
                new Errand(2, "documents kept", this::keep),
                new Errand(1, "people notified", this::notifySome),
                new Errand(3, "searches made", this::search),
                new Errand(1, "dashboards read", () -> api.get("/v1/dashboard")));
    }

    private void act() throws IOException, InterruptedException {
        var type = List.of("page.viewed", "cart.filled", "help.asked").get(random.nextInt(3));
        api.post(
                "/v1/users/%s/actions".formatted(member()),
                "{\"type\":\"%s\",\"details\":{\"about\":\"%s\"}}".formatted(type, goods.word()));
    }

    private void read() throws IOException, InterruptedException {
        api.get("/v1/posts/" + posts.any().orElseThrow());
    }

    private void write() throws IOException, InterruptedException {
        var about = goods.word();
        var post =
                "{\"author\":\"%s\",\"title\":\"%s at home\",\"text\":\"What I like about %s is how it ages.\"}"
                        .formatted(member(), about, about);
        Known.idIn(api.post("/v1/posts", post)).ifPresent(posts::add);
    }

    private void comment() throws IOException, InterruptedException {
        api.post(
                "/v1/posts/%s/comments".formatted(posts.any().orElseThrow()),
                "{\"author\":\"%s\",\"text\":\"%s would do as well.\"}"
                        .formatted(member(), goods.word()));
    }

    private void chat() throws IOException, InterruptedException {
        api.post(
                "/v1/rooms/%s/messages".formatted(ROOM),
                "{\"text\":\"Has anybody seen the new %s?\"}".formatted(goods.word()));
    }

    private void keep() throws IOException, InterruptedException {
        api.post(
                "/v1/collections/reviews/documents",
                "{\"about\":\"%s\",\"stars\":%d}".formatted(goods.word(), 1 + random.nextInt(5)));
    }

    private void notifySome() throws IOException, InterruptedException {
        api.post(
                "/v1/notifications:send",
                "{\"users\":[\"%s\"],\"title\":\"%s is back in stock\"}"
                        .formatted(member(), goods.word()));
    }

    private void search() throws IOException, InterruptedException {
        api.get("/v1/search?q=" + goods.word());
    }

    private String member() {
        return members.any().orElseThrow();
    }
}
