/// Opens a chat model, runs it, looks inside it and edits it. This is the top package of the
/// library.
///
/// Input: the name of a model: a folder, a GGUF file, `org/name` or `demo`. Output: a [ChatModel],
/// which holds weights, tokenizer and chat template and gives access to forward passes, generation
/// and hooks.
///
/// Start with [ChatModel], then read [SteeredModel]. The packages below follow a prompt: `format`
/// reads files, `text` turns a prompt into tokens, `arch` is the network, `forward` and `generate`
/// run it, and `hook` says what a run edits and reads.
///
/// Nothing in this module knows what a refusal is.
@NullMarked
package dev.demur.model;

import org.jspecify.annotations.NullMarked;
