package dev.heddle.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Makes inputs of samples and of the words of their grammar: it joins, cuts, splices, repeats and
/// damages them.
final class Mutator {
    /// The longest input.
    static final int MAX_SIZE = 64 * 1024;

    private static final int MAX_WORDS = 24;
    private static final int MAX_MUTATIONS = 6;
    private static final int MAX_REPETITIONS = 40;

    /// Of so many inputs, one is long.
    private static final int LONG_ONE_OF = 400;

    /// What is special to one format or another.
    private static final List<byte[]> SPECIALS =
            Stream.of(
                            "\0",
                            "\r\n",
                            "\n",
                            "\r",
                            "\t",
                            " ",
                            "\u007f",
                            "\u0080",
                            "\ufeff",
                            "\u202e",
                            "\ud83d\ude00",
                            "e\u0301",
                            "\u0661",
                            "\u2028",
                            "%",
                            "%00",
                            "%2e%2e%2f",
                            "%252e",
                            "%C0%AF",
                            "%ED%A0%80",
                            "../",
                            "..\\",
                            "//",
                            "\\u0000",
                            "\\ud800",
                            "\\",
                            "\"",
                            "'",
                            "''",
                            ";--",
                            "/*",
                            "$1",
                            ":1",
                            "?",
                            "*",
                            "-1",
                            "0",
                            "00",
                            "+1",
                            "1e400",
                            "1e-400",
                            "1.",
                            ".5",
                            "NaN",
                            "-Infinity",
                            "2147483648",
                            "9223372036854775808",
                            "18446744073709551616",
                            "99999999999999999999999999999999999999",
                            "null",
                            "true",
                            "{}",
                            "[]",
                            "[[[[",
                            "{\"a\":{\"a\":{\"a\":",
                            "=",
                            "==",
                            ",",
                            ",,",
                            ":",
                            "|",
                            "<script>",
                            "${env:HOME}",
                            "%s%n",
                            "=1+1")
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toList();

    private final Random random;
    private final List<byte[]> samples;
    private final List<byte[]> words;

    Mutator(Random random, List<byte[]> samples, List<byte[]> words) {
        this.random = random;
        this.samples = samples;
        this.words = words;
    }

    /// An input, at most [#MAX_SIZE] bytes long.
    byte[] next() {
        var input = words.isEmpty() || random.nextInt(4) > 0 ? any(samples) : sentence();
        for (var i = random.nextInt(MAX_MUTATIONS); i > 0; i--) {
            input = mutated(input);
        }
        if (random.nextInt(LONG_ONE_OF) == 0) {
            input = repeated(input, MAX_SIZE);
        }
        return input.length > MAX_SIZE ? Arrays.copyOf(input, MAX_SIZE) : input;
    }

    private byte[] sentence() {
        var sentence = new ByteArrayOutputStream();
        for (var i = 1 + random.nextInt(MAX_WORDS); i > 0; i--) {
            sentence.writeBytes(any(words));
        }
        return sentence.toByteArray();
    }

    private byte[] mutated(byte[] input) {
        var from = random.nextInt(input.length + 1);
        var to = from + random.nextInt(Math.min(input.length - from, 64) + 1);
        return switch (random.nextInt(10)) {
            case 0 -> damaged(input, 1 << random.nextInt(8));
            case 1 -> damaged(input, 1 + random.nextInt(255));
            case 2 -> replaced(input, from, to, new byte[0]);
            case 3 -> replaced(input, from, from, any(SPECIALS));
            case 4 -> replaced(input, from, to, any(SPECIALS));
            case 5 -> replaced(input, from, to, words.isEmpty() ? bytes() : any(words));
            case 6 -> replaced(input, from, from, bytes());
            case 7 -> Arrays.copyOf(input, from);
            case 8 -> spliced(input, from);
            default ->
                    repeated(input, input.length + (to - from) * random.nextInt(MAX_REPETITIONS));
        };
    }

    private byte[] damaged(byte[] input, int bits) {
        var damaged = input.clone();
        if (damaged.length > 0) {
            damaged[random.nextInt(damaged.length)] ^= (byte) bits;
        }
        return damaged;
    }

    private byte[] spliced(byte[] input, int from) {
        var other = any(samples);
        var start = random.nextInt(other.length + 1);
        return replaced(input, from, input.length, Arrays.copyOfRange(other, start, other.length));
    }

    /// Repeats some piece until the whole is of a size.
    private byte[] repeated(byte[] input, int size) {
        var from = random.nextInt(input.length + 1);
        var to = from + random.nextInt(Math.min(input.length - from, 64) + 1);
        if (from == to) {
            return input;
        }
        var more = new ByteArrayOutputStream();
        while (input.length + more.size() < size) {
            more.write(input, from, to - from);
        }
        return replaced(input, to, to, more.toByteArray());
    }

    private byte[] bytes() {
        var bytes = new byte[1 + random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] any(List<byte[]> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        var result = Arrays.copyOf(input, input.length - (to - from) + by.length);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(input, to, result, from + by.length, input.length - to);
        return result;
    }
}
