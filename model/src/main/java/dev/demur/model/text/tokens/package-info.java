/// Turns text into tokens and tokens into text, as Hugging Face `tokenizers` does.
///
/// Input: a text. Output: ids; and back from ids to text. Each character keeps its place in the
/// text it came from (`Aligned`).
///
/// Start with [Pipeline]. A text goes through `AddedTokens`, the normalizer (`Normalizers`), the
/// pre-tokenizer (`Splitters`) and the model (`WordModel`); ids go through a decoder (`Decoders`).
///
/// The tokenizer's file is untrusted, and so is the text. Every part charges its work and its
/// output to a [Work][dev.demur.model.text.regex.Work] budget, and nothing recurses along the text.
@org.jspecify.annotations.NullMarked
package dev.demur.model.text.tokens;
