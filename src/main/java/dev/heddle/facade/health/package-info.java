/// Whether the gateway serves: [dev.heddle.facade.health.Health] keeps it, and tells it to
/// orchestrators over HTTP.
@NullMarked
package dev.heddle.facade.health;

import org.jspecify.annotations.NullMarked;
