package dev.heddle.facade.route;

/// A part of a path that is the value of a field.
///
/// @param field the field of the request, singular and no message
/// @param value the text, percent-decoded; of several segments, `%2F` is left as it is
public record PathBinding(FieldPath field, String value) {}
