/// What the framings share: messages as JSON, and failures as HTTP statuses.
///
/// Start at [HttpStatus][dev.heddle.facade.HttpStatus].
@NullMarked
package dev.heddle.facade;

import org.jspecify.annotations.NullMarked;
