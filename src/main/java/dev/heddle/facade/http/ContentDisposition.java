package dev.heddle.facade.http;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The header field `Content-Disposition`, of responses and requests (RFC 6266) and of the parts of
/// a form (RFC 7578).
final class ContentDisposition {
    private static final Pattern EXTENDED =
            Pattern.compile("(?i)(utf-8|iso-8859-1)'[^']*'([!-~]*)");

    /// What needs no encoding (RFC 8187, section 3.2.1), besides letters and digits.
    private static final String PLAIN = "!#$&+-.^_`|~";

    private ContentDisposition() {}

    /// Has content saved under a name, and not shown.
    static String attachment(String fileName) {
        if (fileName.isEmpty()) {
            return "attachment";
        }
        var fallback = fileName.replaceAll("[^ -~]|[\"%\\\\]", "_");
        var plain = "attachment; filename=\"%s\"".formatted(fallback);
        return fallback.equals(fileName)
                ? plain
                : plain + "; filename*=UTF-8''" + percentEncoded(fileName);
    }

    /// The file name that a field gives; that of `filename*` before that of `filename`.
    static Optional<String> fileName(String field) {
        return parameter(field, "filename*")
                .flatMap(ContentDisposition::extended)
                .or(() -> parameter(field, "filename").map(HeaderLists::unquoted));
    }

    /// The same for the part of a form, where the HTML standard (multipart/form-data encoding
    /// algorithm) escapes three characters and takes backslashes as they are.
    static Optional<String> fileNameOfPart(String field) {
        return parameter(field, "filename*")
                .flatMap(ContentDisposition::extended)
                .or(() -> partParameter(field, "filename"));
    }

    /// The parameter of the part of a form.
    static Optional<String> partParameter(String field, String name) {
        return parameter(field, name)
                .map(value ->
                        value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                                ? value.substring(1, value.length() - 1)
                                : value)
                .map(value ->
                        value.replace("\\\"", "\"")
                                .replace("%22", "\"")
                                .replace("%0D", "\r")
                                .replace("%0A", "\n"));
    }

    private static Optional<String> parameter(String field, String name) {
        return HeaderLists.split(field, ';').stream()
                .skip(1)
                .filter(part -> {
                    var equals = part.indexOf('=');
                    return equals > 0
                            && part.substring(0, equals)
                                    .strip()
                                    .toLowerCase(Locale.ROOT)
                                    .equals(name);
                })
                .map(part -> part.substring(part.indexOf('=') + 1).strip())
                .findFirst();
    }

    private static Optional<String> extended(String value) {
        var parts = EXTENDED.matcher(value);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    URLDecoder.decode(
                            parts.group(2).replace("+", "%2B"), Charset.forName(parts.group(1))));
        } catch (IllegalArgumentException _) {
            // a name that can't be read counts as none: there may be a plain one
            return Optional.empty();
        }
    }

    private static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            var c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
