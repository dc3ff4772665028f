@NullMarked
package dev.heddle.rpc;

import org.jspecify.annotations.NullMarked;
