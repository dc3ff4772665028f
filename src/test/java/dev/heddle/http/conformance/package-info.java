/// Whether the server does what the standards say, as other people's suites see it.
@NullMarked
package dev.heddle.http.conformance;

import org.jspecify.annotations.NullMarked;
