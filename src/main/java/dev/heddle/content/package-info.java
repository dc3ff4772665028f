/// What framings and features both know of content: which part of it a caller is to get, and how it
/// is refused.
///
/// Begin with [Selection][dev.heddle.content.Selection].
@NullMarked
package dev.heddle.content;

import org.jspecify.annotations.NullMarked;
