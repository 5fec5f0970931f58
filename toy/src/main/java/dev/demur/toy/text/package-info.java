/// Trains the demo model's tokenizer: byte-level byte-pair encoding.
///
/// Input: text. Output: a `tokenizer.json` that Hugging Face's libraries and Demur load.
///
/// Start with [BytePairs].
@NullMarked
package dev.demur.toy.text;

import org.jspecify.annotations.NullMarked;
