@NullMarked
package dev.heddle.activity;

import org.jspecify.annotations.NullMarked;
