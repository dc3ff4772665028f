package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.heddle.content.SpreadsheetText;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Shared;
import java.util.List;
import java.util.Optional;

/// A message as a row of CSV.
///
/// @param columns the fields that the cells are of
/// @param responseBody the field, a single message, that a row is; empty for the whole
record CsvRow(Json json, List<FieldDescriptor> columns, Optional<FieldDescriptor> responseBody)
        implements Shared.Form<Message, byte[]> {

    /// @param type the type of the messages
    static CsvRow of(Json json, Descriptor type, Optional<FieldDescriptor> responseBody) {
        return new CsvRow(
                json,
                responseBody.map(FieldDescriptor::getMessageType).orElse(type).getFields(),
                responseBody);
    }

    @Override
    public byte[] encode(Message message) {
        var text = new Utf8Text();
        write(message, CsvWriter.builder().bufferSize(0).build(text));
        return text.take();
    }

    void write(Message message, CsvWriter csv) {
        var row =
                responseBody.isPresent() ? (Message) message.getField(responseBody.get()) : message;
        var cells = new String[columns.size()];
        for (var i = 0; i < cells.length; i++) {
            cells[i] = SpreadsheetText.of(PlainText.of(row, columns.get(i), json));
        }
        csv.writeRecord(cells);
    }
}
