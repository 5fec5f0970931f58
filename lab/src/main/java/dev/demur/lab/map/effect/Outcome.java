package dev.demur.lab.map.effect;

import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.Language;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is looked at when a prompt is asked.
public sealed interface Outcome {

  /// What tells it from any other.
  String identity();

  /// What counts, for tables: `refused`, `right`, `above 0`.
  String counted();

  /// Whether what counts is a refusal.
  default boolean isRefusal() {
    return switch (this) {
      case FirstToken _, Judged _ -> true;
      case Contrast _, Accuracy _, Spoken _ -> false;
    };
  }

  /// What a prompt gave.
  enum Said {
    REFUSED("R"),
    COMPLIED("C");

    private final String letter;

    Said(String letter) {
      this.letter = letter;
    }

    String letter() {
      return letter;
    }

    static Said of(boolean refused) {
      return refused ? REFUSED : COMPLIED;
    }
  }

  /// The refusal score at the answer's first token, with the tokens found for the prompt's
  /// language; above 0 counts as refused. Needs no judge, and knows nothing of what follows.
  record FirstToken() implements Outcome {
    @Override
    public String identity() {
      return "first-token";
    }

    @Override
    public String counted() {
      return "refused, by first token";
    }
  }

  /// What a judge says of the answer; a refusal counts. Answers in a language the judge is not
  /// calibrated for count neither way.
  record Judged(Judge judge) implements Outcome {
    @Override
    public String identity() {
      return "judge " + judge.name() + " " + judge.version();
    }

    @Override
    public String counted() {
      return "refused, by " + judge.name();
    }
  }

  /// Log-odds of two groups of tokens where the answer begins; above 0 counts.
  ///
  /// @param up tokens that raise it
  /// @param down tokens that lower it
  record Contrast(Set<Integer> up, Set<Integer> down) implements Outcome {
    public Contrast {
      up = Set.copyOf(up);
      down = Set.copyOf(down);
      if (up.isEmpty() || down.isEmpty() || up.stream().anyMatch(down::contains)) {
        throw new IllegalArgumentException(
            "a contrast needs two groups of tokens that share none, were " + up + " and " + down);
      }
    }

    @Override
    public String identity() {
      return "contrast " + sorted(up) + sorted(down);
    }

    private static List<Integer> sorted(Set<Integer> ids) {
      return ids.stream().sorted().toList();
    }

    @Override
    public String counted() {
      return "log-odds above 0";
    }
  }

  /// Whether the answer is in a language. One that tells none, a number for example, counts as
  /// another, and apart.
  ///
  /// @param wanted the language; empty for the one each prompt says it is in
  record Spoken(Optional<Language> wanted) implements Outcome {
    @Override
    public String identity() {
      return "language " + wanted.map(Language::code).orElse("of the prompt");
    }

    @Override
    public String counted() {
      return "answered in " + wanted.map(Language::title).orElse("the prompt's language");
    }

    /// Whether an answer is in the language wanted of a prompt's; empty where it tells none.
    Optional<Boolean> isSpoken(String answer, String promptLanguage) {
      var found = Language.of("", answer);
      return found == Language.UNDETERMINED
          ? Optional.empty()
          : Optional.of(found.code().equals(wanted.map(Language::code).orElse(promptLanguage)));
    }
  }

  /// Whether the answer is the prompt's key; an answer in which none is found counts as wrong, and
  /// apart.
  record Accuracy(AnswerKey key) implements Outcome {
    @Override
    public String identity() {
      return "accuracy " + key.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String counted() {
      return "right";
    }
  }
}
