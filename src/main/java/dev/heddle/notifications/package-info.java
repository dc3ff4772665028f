/// What people are told: inboxes, live, and e-mails.
@NullMarked
package dev.heddle.notifications;

import org.jspecify.annotations.NullMarked;
