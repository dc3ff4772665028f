package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.facade.bind.Binding;
import dev.heddle.facade.bind.Query.Parameter;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.Exchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Content that arrives piece by piece: the body of a request, or the one file of a form.
///
/// @param data its bytes
/// @param type its media type
/// @param binding makes the requests, with what came along with the content
record UploadedContent(InputStream data, String type, Binding binding) {
    private static final String UNKNOWN = "application/octet-stream";

    /// How many bytes the fields of a form may have together.
    private static final int MAX_FIELDS_SIZE = 64 * 1024;

    /// Reads up to the content.
    ///
    /// @param body of the request, without its content encoding
    static UploadedContent open(Exchange exchange, RequestLine line, InputStream body)
            throws IOException {
        line.binding();
        var form =
                MediaType.parse(typeOf(exchange))
                        .filter(type -> type.name().equals(MediaTypes.FORM));
        return form.isPresent()
                ? ofForm(MultipartForm.of(body, form.get()), line)
                : new UploadedContent(
                        body, typeOf(exchange), line.with(List.of(), announced(exchange, line)));
    }

    /// What a request says that its body is.
    static String typeOf(Exchange exchange) {
        return exchange.headers().first("content-type").orElse(UNKNOWN);
    }

    /// The request that says what the content is.
    Message first() throws IOException {
        return binding.request(ContentBody.of(type, new byte[0], 0));
    }

    /// A request with the next piece.
    Message next(byte[] piece, int length) throws IOException {
        return binding.request(ContentBody.of("", piece, length));
    }

    private static Map<FieldPath, String> announced(Exchange exchange, RequestLine line) {
        var fields = line.route().upload();
        var announced = new HashMap<FieldPath, String>();
        fields.name()
                .ifPresent(field ->
                        exchange.headers()
                                .first("content-disposition")
                                .flatMap(ContentDisposition::fileName)
                                .ifPresent(name -> announced.put(field, name)));
        if (!BodyKind.isGzip(exchange)) {
            fields.size()
                    .ifPresent(field ->
                            exchange.headers()
                                    .first("content-length")
                                    .ifPresent(size -> announced.put(field, size)));
        }
        return announced;
    }

    private static UploadedContent ofForm(MultipartForm form, RequestLine line) throws IOException {
        var parameters = new ArrayList<Parameter>();
        var room = MAX_FIELDS_SIZE;
        for (var part = form.next(); part.isPresent(); part = form.next()) {
            var fileName = part.get().fileName();
            if (fileName.isPresent()) {
                return ofFile(form, part.get(), fileName.get(), parameters, line);
            }
            var value = form.content().readNBytes(room + 1);
            room -= value.length;
            if (room < 0) {
                throw new BodyMalformedException(
                        "the fields of the form are longer than %d bytes"
                                .formatted(MAX_FIELDS_SIZE));
            }
            parameters.add(
                    new Parameter(part.get().name(), new String(value, StandardCharsets.UTF_8)));
        }
        throw new BodyMalformedException("a form without a file (expected: one)");
    }

    private static UploadedContent ofFile(
            MultipartForm form,
            MultipartForm.Part part,
            String fileName,
            List<Parameter> parameters,
            RequestLine line) {
        var defaults = new HashMap<FieldPath, String>();
        line.route().upload().name().ifPresent(field -> defaults.put(field, fileName));
        return new UploadedContent(
                new OnlyFile(form), part.type().orElse(UNKNOWN), line.with(parameters, defaults));
    }

    /// A file behind which the form must end: what else came too late would be lost.
    private static final class OnlyFile extends FilterInputStream {
        private final MultipartForm form;

        OnlyFile(MultipartForm form) {
            super(form.content());
            this.form = form;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var count = in.read(into, offset, length);
            if (count < 0 && form.next().isPresent()) {
                throw new BodyMalformedException(
                        "a part behind the file (expected: one file, and fields before it)");
            }
            return count;
        }
    }
}
