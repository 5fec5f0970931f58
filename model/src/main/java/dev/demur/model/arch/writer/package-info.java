/// What writes to the residual stream: the tensors of a checkpoint that do, and how much each head
/// adds along a direction.
///
/// [dev.demur.model.arch.writer.StreamWriter] names such a tensor, for edits of checkpoints.
/// [dev.demur.model.arch.writer.WrittenAlong] splits what a running model writes into its parts.
@NullMarked
package dev.demur.model.arch.writer;

import org.jspecify.annotations.NullMarked;
