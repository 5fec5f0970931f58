/// Runs a few tokens of some sequences, on plain arrays and the kernels of `kernel`: one of each
/// that is being written, and those of short prompts.
///
/// Input: what enters block 0, with the cache of what came before. Output: the stream leaving the
/// last block.
///
/// Start with [TokenStep]. Each class here repeats a part of `arch` for a few rows; `TokenStepTest`
/// compares the two for every family and every hook point. Decision 10 says why the second way
/// exists.
@NullMarked
package dev.demur.model.arch.row;

import org.jspecify.annotations.NullMarked;
