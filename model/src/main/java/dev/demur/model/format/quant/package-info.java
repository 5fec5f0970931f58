/// Numbers as files store them: plain types, float8, and the block types of GGUF.
///
/// Input: bytes. Output: float32 numbers, bit for bit those of the `gguf` package; for a few types
/// the way back exists too.
///
/// Start with [GgmlType], which lists the block types.
@NullMarked
package dev.demur.model.format.quant;

import org.jspecify.annotations.NullMarked;
