/// What the facades know of HTTP: [Exchange], one request and its response, whatever connection
/// carried it.
@NullMarked
package dev.heddle.http;

import org.jspecify.annotations.NullMarked;
