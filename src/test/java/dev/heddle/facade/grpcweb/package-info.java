@NullMarked
package dev.heddle.facade.grpcweb;

import org.jspecify.annotations.NullMarked;
