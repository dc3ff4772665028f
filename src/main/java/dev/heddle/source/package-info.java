/// Other servers that are asked over HTTP: [dev.heddle.source.Sources] has the connections to all
/// of them, and a [dev.heddle.source.Source] is one of them, with what guards it against being
/// asked too much and us against its being slow or down.
@NullMarked
package dev.heddle.source;

import org.jspecify.annotations.NullMarked;
