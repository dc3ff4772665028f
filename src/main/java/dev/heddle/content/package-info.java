/// What framings and features both know of content: which part of it a caller is to get, how it is
/// refused, and what text is harmless in a spreadsheet.
///
/// Begin with [Selection][dev.heddle.content.Selection].
@NullMarked
package dev.heddle.content;

import org.jspecify.annotations.NullMarked;
