/// Messages as JSON, by the JSON mapping of Protobuf.
///
/// JSON is translated from and to the wire format, straight from token to field, by tables made of
/// the descriptors; messages are made of the wire format and taken apart into it by their own code.
/// So generated and dynamic messages are served alike, without reflection and without a tree.
///
/// Start at [Json][dev.heddle.facade.json.Json]; the tables are
/// [Codecs][dev.heddle.facade.json.Codecs].
@NullMarked
package dev.heddle.facade.json;

import org.jspecify.annotations.NullMarked;
