/// Safetensors files: reading and writing.
///
/// Input: a file. Output: its metadata and memory-mapped tensors. Written files appear under their
/// name only when complete.
///
/// Start with [Safetensors] to read and with [SafetensorsWriter] to write.
@NullMarked
package dev.demur.model.format.safetensors;

import org.jspecify.annotations.NullMarked;
