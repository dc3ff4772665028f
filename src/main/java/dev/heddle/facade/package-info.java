/// What the framings share: messages as JSON, and failures as HTTP statuses.
///
/// Start at [Json][dev.heddle.facade.json.Json].
@NullMarked
package dev.heddle.facade;

import org.jspecify.annotations.NullMarked;
