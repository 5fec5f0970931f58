/// Numbers as files store them: plain types, float8, and the block types of GGUF.
///
/// [dev.demur.model.format.quant.GgmlType] lists the block types. Decoding is bit for bit that of
/// the `gguf` package.
@NullMarked
package dev.demur.model.format.quant;

import org.jspecify.annotations.NullMarked;
