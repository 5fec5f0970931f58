/// What all model files have in common: names, shapes and bytes of tensors, and errors that name
/// the file.
///
/// Input: a path. Output: [ModelFiles], a model on disk whatever its format, and its [Weights].
/// Each format has a package of its own below this one.
///
/// Start with [ModelFiles], then read [Weights].
///
/// All files are hostile: lengths are checked before memory is allocated.
@NullMarked
package dev.demur.model.format;

import org.jspecify.annotations.NullMarked;
