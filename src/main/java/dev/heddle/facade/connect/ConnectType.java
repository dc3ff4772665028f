package dev.heddle.facade.connect;

import java.util.Locale;
import java.util.Optional;

/// What a content type says of the messages of a call; answers have the same.
///
/// @param name the content type, without parameters
/// @param isJson whether messages are JSON and not Protobuf
record ConnectType(String name, boolean isJson) {
    /// What the types of calls with envelopes begin with.
    static final String STREAM_PREFIX = "application/connect+";

    /// What the types of other calls begin with.
    static final String UNARY_PREFIX = "application/";

    /// Empty for a type that is not understood.
    static Optional<ConnectType> of(String contentType, String prefix) {
        var name = contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return name.startsWith(prefix)
                ? ofCodec(name.substring(prefix.length()), prefix)
                : Optional.empty();
    }

    /// The type with a codec; empty for one that is not known.
    static Optional<ConnectType> ofCodec(String codec, String prefix) {
        return switch (codec) {
            case "json" -> Optional.of(new ConnectType(prefix + codec, true));
            case "proto" -> Optional.of(new ConnectType(prefix + codec, false));
            default -> Optional.empty();
        };
    }
}
