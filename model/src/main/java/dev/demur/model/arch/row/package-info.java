/// Runs one sequence that writes one token after the other, on plain arrays and the kernels of
/// `kernel`.
///
/// Input: the id of the last token with the cache of what came before. Output: the logits of the
/// next one.
///
/// Start with [TokenStep]. Each class here repeats a part of `arch` for a single row;
/// `TokenStepTest` compares the two for every family and every hook point. Decision 10 says why the
/// second way exists.
@NullMarked
package dev.demur.model.arch.row;

import org.jspecify.annotations.NullMarked;
