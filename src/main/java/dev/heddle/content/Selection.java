package dev.heddle.content;

import dev.heddle.rpc.RpcException;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a caller is to get of some content, by RFC 9110, sections 13 and 14.
public sealed interface Selection {
    /// Nothing: the caller has it.
    record Unchanged() implements Selection {}

    /// All of it.
    record Whole() implements Selection {}

    /// A part of it.
    ///
    /// @param first the first byte, from 0
    /// @param last the last byte
    record Part(long first, long last) implements Selection {}

    /// What a caller asks for, each in the syntax of the header field of its name and empty where
    /// the caller doesn't say it.
    ///
    /// @param range such as `bytes=0-99`
    /// @param ifRange the tag that the content must have for the range to count
    /// @param ifNoneMatch the tags of what the caller has
    record Wish(String range, String ifRange, String ifNoneMatch) {
        private static final Pattern RANGE =
                Pattern.compile("\\s*bytes\\s*=\\s*(\\d*)-(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

        /// Selects a part of content. What is no single range of bytes means all of it, as the RFC
        /// allows; a date in `ifRange` is of no content.
        ///
        /// @param etag the strong tag of the content, with its quotes
        /// @param size how many bytes it has
        /// @throws RpcException OUT_OF_RANGE, reason `RANGE_NOT_SATISFIABLE`, if the range has none
        ///   of them
        public Selection of(String etag, long size) {
            if (EntityTags.matches(ifNoneMatch, etag)) {
                return new Unchanged();
            }
            var bounds = RANGE.matcher(range);
            if (!bounds.matches() || (!ifRange.isEmpty() && !ifRange.strip().equals(etag))) {
                return new Whole();
            }
            return part(bounds, size);
        }

        private static Selection part(Matcher bounds, long size) {
            if (bounds.group(1).isEmpty()) {
                return bounds.group(2).isEmpty() ? new Whole() : suffix(bounds.group(2), size);
            }
            var first = bounded(bounds.group(1), size);
            var last = bounds.group(2).isEmpty() ? size - 1 : bounded(bounds.group(2), size);
            if (!bounds.group(2).isEmpty() && isLess(bounds.group(2), bounds.group(1))) {
                return new Whole();
            }
            if (first >= size) {
                throw ContentFailures.rangeNotSatisfiable(size);
            }
            return new Part(first, Math.min(last, size - 1));
        }

        private static Selection suffix(String length, long size) {
            var wanted = bounded(length, size);
            if (wanted == 0) {
                throw ContentFailures.rangeNotSatisfiable(size);
            }
            return new Part(size - wanted, size - 1);
        }

        /// A number of any length, at most the size.
        private static long bounded(String digits, long size) {
            return new BigInteger(digits).min(BigInteger.valueOf(size)).longValueExact();
        }

        private static boolean isLess(String digits, String than) {
            return new BigInteger(digits).compareTo(new BigInteger(than)) < 0;
        }
    }
}
