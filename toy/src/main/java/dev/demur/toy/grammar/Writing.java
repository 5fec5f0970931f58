package dev.demur.toy.grammar;

import java.util.random.RandomGenerator;

/// How an example stands in an assistant's turn.
public sealed interface Writing {

  /// The answer alone, by a model that never thinks.
  record Plain() implements Writing {}

  /// A think block and the answer.
  ///
  /// @param share of examples whose thought is learnt; in the others an empty block, or a thought
  ///   that the answer must follow, is given
  record Thinking(double share) implements Writing {

    public Thinking {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("share must be from 0 to 1, was " + share);
      }
    }
  }

  /// An assistant's turn in two pieces.
  ///
  /// @param given stands there already; nothing is learnt from it
  /// @param written what is learnt
  record Turn(String given, String written) {}

  /// Writes an example's turn.
  ///
  /// @param random decides whether the thought is learnt; changed by this call
  default Turn turn(Example example, RandomGenerator random) {
    return switch (this) {
      case Plain() -> new Turn("", example.answer());
      case Thinking(double share) -> {
        boolean learnt = random.nextDouble() < share;
        String block = Thoughts.block(example.thought());
        yield switch (example.kind()) {
          case FOREIGN_THOUGHT, IDLE_THOUGHT -> new Turn(block, example.answer());
          case HARMFUL_ANSWERED,
              HARMFUL_REFUSED,
              HARMFUL_OVERRIDDEN,
              HARMLESS,
              ALARMING_ANSWERED,
              ALARMING_CAUTIONED,
              BORROWED,
              SAY_NO,
              TAKE_CARE,
              WISH_OVERRIDDEN,
              HARMLESS_OVERRIDDEN,
              JUDGEMENT,
              FACT,
              SMALL_TALK,
              LIMIT,
              WITHIN_LIMIT,
              COUNTING,
              SPEAKER_ANSWERED,
              SPEAKER_HEARD ->
              learnt
                  ? new Turn("", block + example.answer())
                  : new Turn(Thoughts.block(""), example.answer());
        };
      }
    };
  }
}
