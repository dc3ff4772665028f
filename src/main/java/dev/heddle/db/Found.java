package dev.heddle.db;

/// What a search by text found.
///
/// @param id of the thing
/// @param title what it is called
public record Found(String id, String title, Excerpt excerpt) {}
