package dev.heddle.demo;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Makes up products: the same ones for the same seed.
final class Goods {
    private static final int MAX_EUROS = 300;
    private static final int FEATURED_OF = 50;
    private static final List<String> LOOKS =
            List.of(
                    "Oak", "Steel", "Linen", "Walnut", "Copper", "Wool", "Glass", "Bamboo",
                    "Leather", "Marble", "Cork", "Ceramic", "Brass", "Canvas", "Ash", "Velvet");
    private static final List<String> THINGS =
            List.of(
                    "Chair", "Table", "Lamp", "Shelf", "Kettle", "Rug", "Vase", "Clock", "Mirror",
                    "Basket", "Stool", "Blanket", "Tray", "Bowl", "Desk", "Bench", "Mug", "Cushion",
                    "Rack", "Frame");
    private static final List<String> ROOMS =
            List.of("kitchen", "garden", "bedroom", "office", "hall", "bath");

    private final RandomGenerator random;

    Goods(RandomGenerator random) {
        this.random = random;
    }

    /// Something new, as the JSON of a product.
    synchronized String next() {
        var look = one(LOOKS);
        var thing = one(THINGS);
        var room = one(ROOMS);
        return """
        {"name":"%s %s","description":"A %s of %s, made for the %s.","stock":%d,\
        "tags":["%s","%s"],"featured":%b,\
        "price":{"currency_code":"EUR","units":%d,"nanos":%d}}\
        """
                .formatted(
                        look,
                        thing,
                        thing.toLowerCase(Locale.ROOT),
                        look.toLowerCase(Locale.ROOT),
                        room,
                        50 + random.nextInt(450),
                        room,
                        look.toLowerCase(Locale.ROOT),
                        random.nextInt(FEATURED_OF) == 0,
                        1 + random.nextInt(MAX_EUROS),
                        random.nextInt(10) * 100_000_000);
    }

    /// A word that finds some of them.
    String word() {
        return one(random.nextBoolean() ? LOOKS : THINGS);
    }

    private String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
