/// Benchmarks, which `./heddle bench` runs by name: each compares Heddle with what it stands on,
/// side by side in one run, because on a machine that does other things too only ratios mean
/// something.
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
