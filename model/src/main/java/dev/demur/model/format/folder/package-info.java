/// Hugging Face model folders: `config.json`, weights in shards, tokenizer.
///
/// Start at [dev.demur.model.format.folder.HuggingFaceFolder].
@NullMarked
package dev.demur.model.format.folder;

import org.jspecify.annotations.NullMarked;
