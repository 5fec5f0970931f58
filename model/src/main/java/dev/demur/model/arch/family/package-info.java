/// Model families: how a checkpoint's configuration and tensors become a
/// [dev.demur.model.arch.Transformer].
///
/// Start at [dev.demur.model.arch.family.Family], which lists the families known. Most families
/// differ from [dev.demur.model.arch.family.LlamaFamily] in a line or two and say only that. What
/// comes in is a [dev.demur.model.format.ModelFiles]; what goes out is a transformer, or one line
/// that says which feature is not known.
@NullMarked
package dev.demur.model.arch.family;

import org.jspecify.annotations.NullMarked;
