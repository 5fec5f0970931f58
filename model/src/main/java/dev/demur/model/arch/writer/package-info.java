/// What writes to the residual stream.
///
/// [StreamWriter] names a tensor of a checkpoint that writes to the stream; edits and audits of
/// checkpoints use it. [WrittenAlong] splits what a running model writes along a vector into its
/// parts: embedding, heads, MLPs and biases.
///
/// Start with [StreamWriter] for weights, and with [WrittenAlong] for activations.
@NullMarked
package dev.demur.model.arch.writer;

import org.jspecify.annotations.NullMarked;
