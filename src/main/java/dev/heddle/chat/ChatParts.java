package dev.heddle.chat;

import dev.heddle.rpc.Validation;

/// What sessions share.
record ChatParts(
        Settings settings,
        Messages messages,
        Presence presence,
        Subscriptions subscriptions,
        Validation validation) {}
