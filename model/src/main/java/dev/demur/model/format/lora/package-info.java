/// LoRA adapters as peft saves them, merged into a model when its weights are read.
///
/// Start at [dev.demur.model.format.lora.AdaptedModel].
@NullMarked
package dev.demur.model.format.lora;

import org.jspecify.annotations.NullMarked;
