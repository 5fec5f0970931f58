package dev.demur.lab.score;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The tokens a model opens refusals with.
///
/// @param ids the tokens, ascending
/// @param coverage share of the first-token probability that target prompts have and contrast
///   prompts lack which these tokens hold; 1 when they were given, not found
/// @param origin whether they were given or found
public record RefusalTokens(Set<Integer> ids, double coverage, Origin origin) {

  /// Where the tokens come from.
  public enum Origin {
    GIVEN,
    FOUND
  }

  /// Below this coverage the score misses much of what the model does.
  public static final double ENOUGH_COVERAGE = 0.8;

  /// More tokens than any refusal phrasing needs; a longer list would be noise.
  private static final int MOST_TOKENS = 8;

  /// A token with a smaller share of the refusing mass is left out.
  private static final double LEAST_SHARE = 0.02;

  public RefusalTokens {
    // Ascending, so that a report written twice is the same to the byte; Set.copyOf iterates in an
    // order that differs from one process to the next.
    ids = Collections.unmodifiableSet(new TreeSet<>(ids));
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("at least one refusal token is needed");
    }
  }

  /// Tokens the caller knows.
  public static RefusalTokens given(Set<Integer> ids) {
    return new RefusalTokens(ids, 1, Origin.GIVEN);
  }

  /// Finds the first tokens whose probability differs most between two prompt sets: those with the
  /// largest mean p on target minus mean p on contrast.
  ///
  /// @param target logits `[prompt, d_vocab]` of prompts that show the behaviour
  /// @param contrast logits `[prompt, d_vocab]` of prompts that do not
  public static RefusalTokens find(Tensor target, Tensor contrast) {
    try (var _ = Scope.open()) {
      double[] excess = mean(target).minus(mean(contrast)).toDoubles();
      double all = IntStream.range(0, excess.length).mapToDouble(i -> Math.max(0, excess[i])).sum();
      List<Integer> largest =
          IntStream.range(0, excess.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -excess[i]))
              .limit(MOST_TOKENS)
              .toList();
      var chosen = new ArrayList<Integer>();
      double held = 0;
      for (int id : largest) {
        boolean worthIt = excess[id] >= LEAST_SHARE * all && held < ENOUGH_COVERAGE * all;
        if (chosen.isEmpty() || worthIt) {
          chosen.add(id);
          held += excess[id];
        }
      }
      return new RefusalTokens(
          new TreeSet<>(chosen), all > 0 ? Math.max(0, held) / all : 0, Origin.FOUND);
    }
  }

  private static Tensor mean(Tensor logits) {
    long rows = logits.dim(0);
    var sum = Tensor.zeros(DType.F64, logits.dim(1));
    for (long row = 0; row < rows; row++) {
      try (var _ = Scope.open()) {
        sum.addInPlace(logits.row(row).to(DType.F64).softmax());
      }
    }
    return sum.times(1.0 / rows);
  }
}
