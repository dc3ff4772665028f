/// What every framing promises: one suite, run over each of them by a thin subclass.
@NullMarked
package dev.heddle.contract;

import org.jspecify.annotations.NullMarked;
