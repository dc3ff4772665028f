/// The job type `webhook`: tells another server something, signed, and never lets the caller reach
/// a server that is not on the internet.
///
/// Begin with [dev.heddle.webhooks.WebhookHandler].
@NullMarked
package dev.heddle.webhooks;

import org.jspecify.annotations.NullMarked;
