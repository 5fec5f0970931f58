package dev.demur.lab.coherence;

import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How well the variants predict one corpus, and how they differ from the unedited model.
///
/// @param corpus its name
/// @param kind what was counted
/// @param variants one row each, the unedited model first
public record Coherence(String corpus, Corpus.Kind kind, List<VariantRow> variants) {

  /// Ends of the stretches a divergence is averaged over, counted tokens from the first: the first
  /// token alone, then four times as far each.
  private static final List<Integer> STRETCHES = List.of(1, 4, 16, 64, 256, 1024);

  public Coherence {
    variants = List.copyOf(variants);
  }

  /// One variant on the corpus.
  ///
  /// @param variant its name
  /// @param loss cross-entropy
  /// @param change how it differs from the unedited model; empty for that model itself
  public record VariantRow(Variant variant, CrossEntropy loss, Optional<Change> change) {}

  /// How a variant differs from the unedited model on the same passages.
  ///
  /// @param difference its cross-entropy minus the unedited model's, nats per token
  /// @param interval of the difference, by resampling passages
  /// @param divergence mean KL(unedited ‖ edited) per counted token, nats, where it was measured
  /// @param along the same by how far into the passage the token is; empty where not measured
  public record Change(
      double difference, Interval interval, Optional<Double> divergence, List<Stretch> along) {
    public Change {
      along = List.copyOf(along);
    }
  }

  /// Part of every passage.
  ///
  /// @param from first counted token of it, from 1
  /// @param to last counted token of it
  /// @param tokens how many tokens lie there, over all passages
  /// @param divergence mean KL(unedited ‖ edited), nats per token
  public record Stretch(int from, int to, long tokens, double divergence) {}

  /// Sums up the rows of one corpus.
  ///
  /// @param corpus its name
  /// @param kind what was counted
  /// @param variants names, in the order of the rows' variants
  /// @param rows of every passage, in the corpus' order: a resumed run must draw the same samples
  /// @param bootstrap how intervals are drawn
  /// @throws IllegalArgumentException if no token was counted
  public static Coherence of(
      String corpus,
      Corpus.Kind kind,
      List<Variant> variants,
      List<PassageScores> rows,
      Bootstrap bootstrap) {
    var counted = rows.stream().filter(row -> row.tokens() > 0).toList();
    var summed = new ArrayList<VariantRow>();
    for (int i = 0; i < variants.size(); i++) {
      summed.add(
          new VariantRow(
              variants.get(i),
              loss(counted, i),
              i == 0 ? Optional.empty() : Optional.of(change(counted, i, bootstrap))));
    }
    return new Coherence(corpus, kind, summed);
  }

  private static CrossEntropy loss(List<PassageScores> rows, int variant) {
    return new CrossEntropy(
        rows.size(),
        rows.stream().mapToLong(PassageScores::tokens).sum(),
        rows.stream().mapToDouble(row -> row.nats().get(variant)).sum());
  }

  private static Change change(List<PassageScores> rows, int variant, Bootstrap bootstrap) {
    var along = along(rows.stream().map(row -> row.divergence().get(variant - 1)).toList());
    return new Change(
        difference(rows, variant),
        bootstrap.percentile(rows, some -> difference(some, variant), Interval.USUAL_LEVEL),
        mean(along),
        along);
  }

  /// A ratio of sums, as the cross-entropy is: passages are drawn, tokens come with them.
  private static double difference(List<PassageScores> rows, int variant) {
    double nats = 0;
    long tokens = 0;
    for (var row : rows) {
      nats += row.nats().get(variant) - row.nats().getFirst();
      tokens += row.tokens();
    }
    return nats / tokens;
  }

  private static Optional<Double> mean(List<Stretch> along) {
    long tokens = along.stream().mapToLong(Stretch::tokens).sum();
    return tokens == 0
        ? Optional.empty()
        : Optional.of(along.stream().mapToDouble(s -> s.divergence() * s.tokens()).sum() / tokens);
  }

  private static List<Stretch> along(List<List<Double>> divergences) {
    var stretches = new ArrayList<Stretch>();
    int from = 0;
    int longest = divergences.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; from < longest; i++) {
      int start = from;
      int end = i < STRETCHES.size() ? Math.min(STRETCHES.get(i), longest) : longest;
      var values =
          divergences.stream()
              .flatMap(row -> IntStream.range(start, Math.min(end, row.size())).mapToObj(row::get))
              .mapToDouble(Double::doubleValue)
              .summaryStatistics();
      stretches.add(new Stretch(start + 1, end, values.getCount(), values.getAverage()));
      from = end;
    }
    return stretches;
  }
}
