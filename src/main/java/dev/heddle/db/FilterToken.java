package dev.heddle.db;

import dev.heddle.db.Comparison.Operator;
import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;

/// A word, sign or string of a filter.
///
/// @param text what it says; of a string, without quotes and escapes
/// @param position where it begins, from 1
record FilterToken(Kind kind, String text, int position) {
    enum Kind {
        WORD,
        STRING,
        OPERATOR,
        OPEN,
        CLOSE,
        MINUS,
        END
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    Operator operator() {
        for (var operator : Operator.values()) {
            if (operator.symbol().equals(text)) {
                return operator;
            }
        }
        throw invalid("=, !=, <, <=, >, >= or :");
    }

    /// The failure of a filter that has this where something else is wanted.
    RpcException invalid(String expectation) {
        var what = kind == Kind.END ? "the end" : "\"" + text + "\"";
        return RpcException.invalidField(
                "filter",
                "%s at position %d (expected: %s)".formatted(what, position, expectation));
    }

    /// All tokens of a filter; the last is its end.
    static List<FilterToken> all(String filter) {
        return new Lexer(filter).tokens();
    }

    private static final class Lexer {
        private static final String SIGNS = "=!<>:()\"'";

        private final String filter;
        private final List<FilterToken> tokens = new ArrayList<>();
        private int at;

        Lexer(String filter) {
            this.filter = filter;
        }

        List<FilterToken> tokens() {
            while (at < filter.length()) {
                var next = filter.charAt(at);
                switch (next) {
                    case '(' -> add(Kind.OPEN, at + 1);
                    case ')' -> add(Kind.CLOSE, at + 1);
                    case '"', '\'' -> string(next);
                    case '=', '!', '<', '>', ':' -> operator();
                    case '-' -> {
                        if (isValueNext()) {
                            word();
                        } else {
                            add(Kind.MINUS, at + 1);
                        }
                    }
                    default -> {
                        if (Character.isWhitespace(next)) {
                            at++;
                        } else {
                            word();
                        }
                    }
                }
            }
            tokens.add(new FilterToken(Kind.END, "", at + 1));
            return tokens;
        }

        private boolean isValueNext() {
            return !tokens.isEmpty() && tokens.getLast().kind() == Kind.OPERATOR;
        }

        private void add(Kind kind, int end) {
            tokens.add(new FilterToken(kind, filter.substring(at, end), at + 1));
            at = end;
        }

        private void operator() {
            var two = filter.startsWith("=", at + 1) && filter.charAt(at) != ':';
            add(Kind.OPERATOR, at + (two ? 2 : 1));
            tokens.getLast().operator();
        }

        /// A value may hold colons and signs, as times do; the name of a field may not.
        private void word() {
            var ends = isValueNext() ? "()\"'" : SIGNS;
            var end = at;
            while (end < filter.length()
                    && !Character.isWhitespace(filter.charAt(end))
                    && ends.indexOf(filter.charAt(end)) < 0) {
                end++;
            }
            add(Kind.WORD, end);
        }

        private void string(char quote) {
            var text = new StringBuilder();
            for (int i = at + 1; i < filter.length(); i++) {
                var next = filter.charAt(i);
                if (next == quote) {
                    tokens.add(new FilterToken(Kind.STRING, text.toString(), at + 1));
                    at = i + 1;
                    return;
                }
                if (next == '\\' && i + 1 < filter.length()) {
                    next = filter.charAt(++i);
                }
                text.append(next);
            }
            throw new FilterToken(Kind.STRING, filter.substring(at), at + 1)
                    .invalid("a string that ends");
        }
    }
}
