package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.heddle.content.SpreadsheetText;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Shared;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A message as a row of CSV.
///
/// @param type the type of the messages
/// @param responseBody the field, a single message, that a row is; empty for the whole
record CsvRow(Json json, Descriptor type, Optional<FieldDescriptor> responseBody)
        implements Shared.Form<Message, byte[]> {
    @Override
    public byte[] encode(Message message) {
        var text = new StringWriter();
        CsvWriter.builder().bufferSize(0).build(text).writeRecord(cells(message));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    List<FieldDescriptor> columns() {
        return responseBody.map(FieldDescriptor::getMessageType).orElse(type).getFields();
    }

    List<String> cells(Message message) {
        var row =
                responseBody.isPresent() ? (Message) message.getField(responseBody.get()) : message;
        return columns().stream().map(column -> cell(row, column)).toList();
    }

    private String cell(Message row, FieldDescriptor column) {
        return SpreadsheetText.of(PlainText.of(row, column, json));
    }
}
