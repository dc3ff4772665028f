package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;

/// JSON texts, token by token.
final class Texts {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Json.MAX_DEPTH)
                                    .maxNumberLength(Numbers.MAX_LENGTH)
                                    // the bound of the body is the bound of a string
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    // the keys of maps are names too, and would never be found again
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    // UTF-8 alone (RFC 8259, 8.1): what looks like UTF-16 is malformed
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                    // buffers of one thread each would be of no use to virtual threads
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build();

    private Texts() {}

    static JsonParser parser(Reader text) throws IOException {
        return FACTORY.createParser(text);
    }

    static JsonParser parser(String text) throws IOException {
        return FACTORY.createParser(text);
    }

    static JsonParser parser(byte[] text) throws IOException {
        return FACTORY.createParser(text);
    }

    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    static JsonGenerator generator(Writer out) throws IOException {
        return FACTORY.createGenerator(out);
    }
}
