/// What the framings share: failures as HTTP statuses, timeouts, and what pages may do.
///
/// Start at [HttpStatus][dev.heddle.facade.HttpStatus].
@NullMarked
package dev.heddle.facade;

import org.jspecify.annotations.NullMarked;
