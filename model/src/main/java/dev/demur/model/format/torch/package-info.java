/// PyTorch's own files, `.bin`, `.pt` and `.pth`: a zip of a pickle and raw numbers. The pickle is
/// read by an interpreter that knows tensors and nothing else, so no code of a file runs.
@NullMarked
package dev.demur.model.format.torch;

import org.jspecify.annotations.NullMarked;
