package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Messages that are objects in JSON, with a member for each field that is set.
final class ObjectCodec implements MessageCodec {
    private final Descriptor type;
    private final Codecs codecs;

    /// Made when it is first needed, since types may hold each other. Whoever sees none makes one:
    /// they are all the same.
    private @Nullable Members members;

    ObjectCodec(Descriptor type, Codecs codecs) {
        this.type = type;
        this.codecs = codecs;
    }

    private Members members() {
        var made = members;
        if (made == null) {
            made = Members.of(type, codecs);
            members = made;
        }
        return made;
    }

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.START_OBJECT) {
            throw in.mismatch();
        }
        readMembers(in);
    }

    /// Reads the members that follow, to the end of the object.
    void readMembers(Reading in) throws IOException {
        var members = members();
        var parser = in.parser();
        var seen = members.noneSeen();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var member = members.find(name);
            if (member == null) {
                in.unknown();
                continue;
            }
            if (!member.see(seen)) {
                throw in.twice();
            }
            if (parser.nextToken() == JsonToken.VALUE_NULL && !member.codec().takesNull()) {
                continue;
            }
            if (!member.choose(seen)) {
                throw in.otherOfOneof();
            }
            member.codec().read(in);
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        to.json().writeStartObject();
        writeMembers(from, to);
        to.json().writeEndObject();
    }

    /// Writes the members alone.
    void writeMembers(WireInput from, Writing to) throws IOException {
        var fields = members().byNumber();
        var next = 0;
        var tag = from.tag();
        while (!WireInput.isEnd(tag)) {
            var number = tag >>> 3;
            while (next < fields.length && fields[next].number() < number) {
                next++;
            }
            if (next < fields.length && fields[next].has(tag)) {
                tag = fields[next].writeMember(tag, from, to);
                next++;
            } else {
                // unknown, also where the number is known: a value that the type doesn't have
                from.skip(tag);
                tag = from.tag();
            }
        }
    }
}
