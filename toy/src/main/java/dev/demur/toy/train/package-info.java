/// Trains the demo model through Demur's own forward pass, and checks the result.
///
/// Input: a [Recipe]. Output: a model folder.
///
/// Start with [Recipe], then read [Trainer].
@NullMarked
package dev.demur.toy.train;

import org.jspecify.annotations.NullMarked;
