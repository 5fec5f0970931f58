package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;

/// Makes tokens of a word.
interface WordModel {

  /// Adds the tokens of a word that is not empty.
  void tokenize(Aligned word, Work work, Tokens tokens);
}
