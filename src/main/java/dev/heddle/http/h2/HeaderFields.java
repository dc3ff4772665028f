package dev.heddle.http.h2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/// Header fields on their way into or out of Netty's HPACK codec: one array, used again for every
/// block, in place of the map that Netty would make.
@SuppressWarnings("serial") // never serialised
final class HeaderFields extends DefaultHttp2Headers {
    private static final int INITIAL = 32;

    // Names at even places, each with its value behind it.
    private CharSequence[] fields = new CharSequence[INITIAL];
    private int length;
    private final Cursor cursor = new Cursor();

    HeaderFields() {
        super(false, 2);
    }

    /// Begins a new block.
    HeaderFields reset() {
        length = 0;
        return this;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (length == fields.length) {
            fields = Arrays.copyOf(fields, 2 * length);
        }
        fields[length++] = name;
        fields[length++] = value;
        return this;
    }

    @Override
    public int size() {
        return length / 2;
    }

    String name(int index) {
        return fields[2 * index].toString();
    }

    String value(int index) {
        return fields[2 * index + 1].toString();
    }

    /// The fields, one at a time; there is but one iterator.
    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        cursor.position = -2;
        return cursor;
    }

    /// Goes through the fields, and is each of them in turn.
    private final class Cursor
            implements Iterator<Map.Entry<CharSequence, CharSequence>>,
                    Map.Entry<CharSequence, CharSequence> {
        private int position;

        @Override
        public boolean hasNext() {
            return position + 2 < length;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            position += 2;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return fields[position];
        }

        @Override
        public CharSequence getValue() {
            return fields[position + 1];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw new UnsupportedOperationException("read only");
        }
    }
}
