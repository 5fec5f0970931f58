/// Hugging Face model folders: `config.json`, weights in shards, tokenizer files.
///
/// Input: a folder. Output: [ModelFiles][dev.demur.model.format.ModelFiles] with names and numbers
/// in one spelling, whatever version of transformers wrote them; quantised weights are unpacked.
///
/// Start with [HuggingFaceFolder].
@NullMarked
package dev.demur.model.format.folder;

import org.jspecify.annotations.NullMarked;
