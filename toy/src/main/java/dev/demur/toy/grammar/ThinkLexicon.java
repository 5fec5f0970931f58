package dev.demur.toy.grammar;

import java.util.List;
import java.util.Optional;

/// What the thinking model knows of a language beside [Lexicon]: thoughts, limits, speakers and
/// counting. A language may have thoughts alone.
///
/// @param thoughts sentences of the think block
/// @param limits what it does not do, for reasons other than harm
/// @param speakers who may ask
/// @param counting questions that must be worked out
public record ThinkLexicon(
    Thoughts thoughts, List<Limit> limits, List<Speaker> speakers, Optional<Counting> counting) {

  public ThinkLexicon {
    limits = List.copyOf(limits);
    speakers = List.copyOf(speakers);
  }

  /// The English words.
  public static ThinkLexicon english() {
    return Words.read("think-english.json", ThinkLexicon.class);
  }

  /// The Spanish words: thoughts alone.
  public static ThinkLexicon spanish() {
    return Words.read("think-spanish.json", ThinkLexicon.class);
  }

  /// The words beside those of a lexicon.
  static ThinkLexicon beside(Lexicon lexicon) {
    return switch (lexicon.language()) {
      case "en" -> english();
      case "es" -> spanish();
      default ->
          throw new IllegalArgumentException(
              "there are no thoughts in " + lexicon.language() + ", only in en and es");
    };
  }
}
