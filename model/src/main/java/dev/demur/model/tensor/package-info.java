/// Tensors over libtorch. This is the only package that imports org.bytedeco.
///
/// Input: arrays or memory. Output: [Tensor]s with a few named operations, which live until their
/// [Scope] closes.
///
/// Start with [Tensor], then read [Scope]. The engine can be replaced here and nowhere else
/// (decision 1).
@NullMarked
package dev.demur.model.tensor;

import org.jspecify.annotations.NullMarked;
