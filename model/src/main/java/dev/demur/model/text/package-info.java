/// Tokens and chat templates: what a prompt looks like to the model, and which token belongs to
/// what.
///
/// Input: an instruction or a conversation. Output: a [Prompt]: its text, its ids, and for every
/// token whether it is template, system text or instruction.
///
/// Start with [PromptFormat], then read [Tokenizer] and [ChatTemplate]. `text.tokens` does the
/// tokenizing, `text.regex` matches its patterns, `text.jinja` runs the templates.
@NullMarked
package dev.demur.model.text;

import org.jspecify.annotations.NullMarked;
