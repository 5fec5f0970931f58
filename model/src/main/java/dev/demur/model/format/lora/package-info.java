/// LoRA adapters as peft saves them.
///
/// Input: a model and an adapter folder. Output: the same model with every adapted tensor changed
/// when its weights are read. An adapter that cannot be applied in full is refused.
///
/// Start with [AdaptedModel].
@NullMarked
package dev.demur.model.format.lora;

import org.jspecify.annotations.NullMarked;
