package dev.heddle.mail;

/// An e-mail to one person, as plain text.
///
/// @param id what it is known by: whoever gets it twice can tell by its `Message-ID`; letters,
///   digits and `-`
/// @param to the address
/// @param subject one line
/// @param text the body
public record Mail(String id, String to, String subject, String text) {}
