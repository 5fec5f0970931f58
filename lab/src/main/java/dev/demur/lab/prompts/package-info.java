/// Prompts: where they come from, which of them a study draws, and whether two sets share any.
///
/// Input: files of instructions. Output: [PromptSet]s with the hash of their file, and a drawn
/// [Sample].
///
/// Start with [PromptSet], then read [PromptReader] (text, JSON, JSON Lines, CSV and TSV) and
/// [PromptSampler], which draws without replacement, either from named streams or exactly as the
/// released code does with CPython's generator. [OverlapCheck] finds prompts that two sets share,
/// word for word or nearly.
///
/// Nothing here knows a model, a chat template or a token: an instruction is what a user would
/// type.
@NullMarked
package dev.demur.lab.prompts;

import org.jspecify.annotations.NullMarked;
