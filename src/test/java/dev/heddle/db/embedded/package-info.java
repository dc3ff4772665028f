/// Tests of the embedded PostgreSQL.
@NullMarked
package dev.heddle.db.embedded;

import org.jspecify.annotations.NullMarked;
