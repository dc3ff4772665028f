/// Publish and subscribe for everybody: `heddle.events.v1.EventService`, on the feed.
///
/// Begin with [EventService].
@NullMarked
package dev.heddle.events;

import org.jspecify.annotations.NullMarked;
