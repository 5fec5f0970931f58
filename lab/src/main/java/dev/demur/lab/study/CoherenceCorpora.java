package dev.demur.lab.study;

import java.nio.file.Path;
import java.util.Optional;

/// What a study measures the cost of its interventions on.
///
/// @param text file of texts, if any
/// @param instructions file of instructions with their completions, if any
/// @param own what is done with the unedited model's own answers to the harmless set
/// @param limit at most so many passages of a file
public record CoherenceCorpora(
    Optional<Path> text, Optional<Path> instructions, Own own, int limit) {

  /// What is done with the unedited model's own answers.
  public enum Own {
    MEASURED,
    LEFT_OUT
  }

  /// The released code's 256 batches of 16.
  public static final int USUAL_LIMIT = 4096;

  public CoherenceCorpora {
    if (limit < 1) {
      throw new IllegalArgumentException("coherence limit must be >= 1, was " + limit);
    }
  }

  /// How many there are.
  int count() {
    int files = (text.isPresent() ? 1 : 0) + (instructions.isPresent() ? 1 : 0);
    return files + (own == Own.MEASURED ? 1 : 0);
  }

  /// The model's own answers alone: they need no file.
  public static CoherenceCorpora usual() {
    return new CoherenceCorpora(Optional.empty(), Optional.empty(), Own.MEASURED, USUAL_LIMIT);
  }
}
