/// Inputs at random for whatever reads what a caller sent: [dev.heddle.fuzz.Fuzz] runs them and
/// [dev.heddle.fuzz.Mutator] makes them. The targets are here, or beside the parsers that no other
/// package sees, in classes whose names end in `FuzzTest`.
@NullMarked
package dev.heddle.fuzz;

import org.jspecify.annotations.NullMarked;
