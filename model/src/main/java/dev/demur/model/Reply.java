package dev.demur.model;

import dev.demur.model.generate.Completion;
import dev.demur.model.text.TokenIds;

/// What a model answered.
///
/// @param text the answer, without special tokens
/// @param tokens its ids, without the token that ended it
/// @param end how it ended
public record Reply(String text, TokenIds tokens, Completion.End end) {}
