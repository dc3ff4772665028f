/// Tests of chat: several people, replicas and framings.
@NullMarked
package dev.heddle.chat;

import org.jspecify.annotations.NullMarked;
