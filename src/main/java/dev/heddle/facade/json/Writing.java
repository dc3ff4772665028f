package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonGenerator;

/// A JSON text that is being written.
///
/// @param int64AsNumbers whether integers of 64 bits are numbers
record Writing(JsonGenerator json, boolean int64AsNumbers) {}
