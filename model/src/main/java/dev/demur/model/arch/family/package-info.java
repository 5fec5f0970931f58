/// Model families: how a checkpoint's configuration and tensors become a
/// [Transformer][dev.demur.model.arch.Transformer].
///
/// Input: [ModelFiles][dev.demur.model.format.ModelFiles]. Output: a transformer, or one line that
/// says which feature is not supported.
///
/// Start with [Family], which lists the supported families, then read `LlamaFamily`. Most families
/// differ from it in a line or two and say only that.
@NullMarked
package dev.demur.model.arch.family;

import org.jspecify.annotations.NullMarked;
