/// Turns text into tokens and tokens into text, as Hugging Face `tokenizers` does.
///
/// Enter through [dev.demur.model.text.tokens.Pipeline]. A text goes through
/// [dev.demur.model.text.tokens.AddedTokens] (signs written in the text), the normalizer
/// ([dev.demur.model.text.tokens.Normalizers]), the pre-tokenizer
/// ([dev.demur.model.text.tokens.Splitters]) and the model
/// ([dev.demur.model.text.tokens.WordModel]); ids go through a decoder
/// ([dev.demur.model.text.tokens.Decoders]). Characters keep their place in the text they came from
/// ([dev.demur.model.text.tokens.Aligned]).
///
/// A tokenizer's file is untrusted, and so is the text: every part charges what it does and what it
/// makes to a [dev.demur.model.text.regex.Work] budget, and nothing recurses along the text.
@org.jspecify.annotations.NullMarked
package dev.demur.model.text.tokens;
