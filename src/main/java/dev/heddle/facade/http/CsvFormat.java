package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Comma-separated values (RFC 4180): a header of the fields' names, and a row a message. A cell
/// holds the plain value; lists, maps and messages are JSON within their cell.
///
/// Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers don't. CSV
/// has no record that could say that it ended: the end of the response says it, and after a failure
/// the exchange is aborted, which every client of HTTP reports.
final class CsvFormat implements StreamFormat {
    private final CsvRow row;
    private final String fileName;
    private final Utf8Text text = new Utf8Text();
    private final CsvWriter csv = CsvWriter.builder().bufferSize(0).build(text);

    /// @param type the type of the responses
    /// @param responseBody the field, a single message, that a row is; empty for the whole
    /// @param fileName without its extension; empty for none
    CsvFormat(Json json, Descriptor type, Optional<FieldDescriptor> responseBody, String fileName) {
        this.row = CsvRow.of(json, type, responseBody);
        this.fileName = fileName;
    }

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set("content-type", "text/csv; charset=utf-8; header=present");
        if (!fileName.isEmpty()) {
            headers.set(
                    "content-disposition", "attachment; filename=\"%s.csv\"".formatted(fileName));
        }
    }

    @Override
    public void start(OutputStream out) throws IOException {
        var header = CsvWriter.builder().build(out, StandardCharsets.UTF_8);
        header.writeRecord(row.columns().stream().map(FieldDescriptor::getName).toList());
        header.flush();
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        row.write(message, csv);
        out.write(text.take());
    }

    @Override
    public void message(Shared<?> message, OutputStream out) throws IOException {
        out.write(message.in(row));
    }
}
