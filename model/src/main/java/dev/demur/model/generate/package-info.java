/// Writes text after prompts, in batches or as a stream.
///
/// Input: prompts, [GenerationOptions] and a [HookPlan][dev.demur.model.hook.HookPlan]. Output:
/// [Completion]s, or one token after the other.
///
/// Start with [Generator]. The cache of keys and values is in `arch`.
@NullMarked
package dev.demur.model.generate;

import org.jspecify.annotations.NullMarked;
