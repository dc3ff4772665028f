/// People who talk to each other: `heddle.chat.v1.ChatService`.
///
/// A room is a topic of the [feed][dev.heddle.feed.Feed], and so is the inbox of a person. What is
/// said is a row and an event of one transaction; who is there is a lease of each session. There is
/// no queue for a member: each reads the topic at a pace of its own, so that one who doesn't read
/// delays nobody.
///
/// Begin with [ChatService]; all SQL is in `RoomStore` and `PresenceStore`.
@NullMarked
package dev.heddle.chat;

import org.jspecify.annotations.NullMarked;
