/// GGUF files: reading, writing, and the configuration they imply.
///
/// Input: a file, or the parts of a split one. Output: its metadata and tensors ([Gguf]), or a
/// model under Hugging Face names ([GgufFile]), with llama.cpp's rearrangements undone.
///
/// Start with [Gguf], then read [GgufFile].
@NullMarked
package dev.demur.model.format.gguf;

import org.jspecify.annotations.NullMarked;
