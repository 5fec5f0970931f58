/// What model files have in common: names, shapes and bytes of tensors, and errors that name the
/// file.
///
/// [dev.demur.model.format.ModelFiles] is a model on disk and [dev.demur.model.format.Weights] its
/// tensors, whatever the format. Each format has a room of its own below this one. All files are
/// taken to be hostile: lengths are checked before memory is taken.
@NullMarked
package dev.demur.model.format;

import org.jspecify.annotations.NullMarked;
