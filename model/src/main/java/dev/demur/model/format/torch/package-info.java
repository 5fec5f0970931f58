/// PyTorch's own files, `.bin`, `.pt` and `.pth`: a zip of a pickle and raw numbers.
///
/// Input: a file. Output: named tensors. An interpreter that knows tensors and nothing else reads
/// the pickle, so no code in a file ever runs.
///
/// Start with [TorchFile].
@NullMarked
package dev.demur.model.format.torch;

import org.jspecify.annotations.NullMarked;
