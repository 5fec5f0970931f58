/// Prompts in, values out: batches prompts, shares what they begin with, and runs them.
///
/// Start at [dev.demur.model.forward.Forward]. Batching changes speed, and results only by
/// rounding.
@NullMarked
package dev.demur.model.forward;

import org.jspecify.annotations.NullMarked;
