/// What the feed costs and how far it goes: what is published a second, how long an event takes to
/// its subscribers, how many of them it serves, and what one takes that has nothing to do.
///
/// Begin with [FeedBench]. [FanOut] measures the framings alone, without a database.
@NullMarked
package dev.heddle.bench.feed;

import org.jspecify.annotations.NullMarked;
