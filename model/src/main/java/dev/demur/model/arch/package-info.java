/// The network itself: embed, blocks, final norm, unembed.
///
/// Input: token ids and a [Pass], which says which rows belong to which prompt, what came before
/// them (a [Past]), and what is edited or read on the way. Output: rows of the final stream, or
/// logits.
///
/// Start with [Transformer], read [Block] from top to bottom, then [Attention].
///
/// Not here: batching prompts (`forward`) and turning a checkpoint into a network (`arch.family`).
@NullMarked
package dev.demur.model.arch;

import org.jspecify.annotations.NullMarked;
