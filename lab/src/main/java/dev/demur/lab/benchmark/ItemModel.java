package dev.demur.lab.benchmark;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What tinyBenchmarks knows of the questions of a whole benchmark, so that answers to a hundred
/// chosen ones estimate the score on all.
///
/// A question is answered with the probability σ(Σ_d clip(a_d θ_d − b_d, ±30)); θ, what the model
/// can, is the likeliest for its answers. Three estimates come of it: the weighted mean of the
/// answers, what the answers and the predicted rest make together, and a fixed mixture of both,
/// which is the one that TinyHellaSwag reports.
///
/// Source: Maia Polo et al. 2024 (arXiv 2402.14992); `evaluate` in the repository tinyBenchmarks,
/// whose numbers `ItemModelTest` compares.
public final class ItemModel {

  /// A benchmark's own questions are at most some tens of thousands, with ten numbers each.
  private static final long MOST_BYTES = 100_000_000;

  /// Where each part of a logit is cut. At the likeliest θ none is so large.
  private static final double MOST_LOGIT = 30;

  private final List<Integer> chosen;
  private final double[] weights;
  private final double mixture;
  private final double[] balance;
  private final double[][] discrimination;
  private final double[][] difficulty;

  private ItemModel(JsonNode json) {
    chosen = json.path("chosen").values().stream().map(JsonNode::intValue).toList();
    weights = numbers(json, "weights");
    mixture = json.path("lambda").doubleValue();
    balance = numbers(json, "balance");
    discrimination = rows(json, "discrimination");
    difficulty = rows(json, "difficulty");
    check();
  }

  /// An estimate of the score on the whole benchmark.
  ///
  /// @param weighted Σ w·answer over the chosen questions (`irt`)
  /// @param predicted the answers, and the probabilities of the other questions (`pirt`)
  /// @param mixed λ·weighted + (1 − λ)·predicted (`gpirt`)
  public record Estimate(double weighted, double predicted, double mixed) {}

  /// Reads what `tools/tiny_items.py` writes.
  ///
  /// @throws DataFormatException if the file is not that
  /// @throws IOException if it cannot be read
  public static ItemModel read(Path file) throws IOException {
    byte[] bytes = RegularFile.bytes(file);
    if (bytes.length > MOST_BYTES) {
      throw new DataFormatException(file, "is too large for the questions of one benchmark.");
    }
    try {
      return new ItemModel(JsonMapper.shared().readTree(bytes));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DataFormatException(
          file,
          "holds no items of a benchmark ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "); make it with tools/tiny_items.py.",
          e);
    }
  }

  /// Checks that as many questions are asked as were chosen.
  ///
  /// @throws IllegalArgumentException if not
  public void requireAsked(int questions) {
    if (questions != chosen.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the items are of %d chosen questions, and %d are asked; ask tinyBenchmarks' own"
                  + " file, all of it",
              chosen.size(),
              questions));
    }
  }

  /// Estimates of the whole benchmark.
  ///
  /// @param answers to the chosen questions in order, 0 to 1
  /// @throws IllegalArgumentException if there are more or fewer than chosen questions
  public Estimate estimate(List<Double> answers) {
    requireAsked(answers.size());
    double[] ability = ability(answers);
    double weighted = 0;
    double seen = 0;
    for (int i = 0; i < answers.size(); i++) {
      weighted += weights[i] * answers.get(i);
      seen += balance[chosen.get(i)] * answers.get(i);
    }
    double share = (double) chosen.size() / balance.length;
    double predicted =
        share * seen / chosen.size() + (1 - share) * meanOfOthers(ability, new HashSet<>(chosen));
    return new Estimate(weighted, predicted, mixture * weighted + (1 - mixture) * predicted);
  }

  private double meanOfOthers(double[] ability, Set<Integer> asked) {
    return IntStream.range(0, balance.length)
        .filter(item -> !asked.contains(item))
        .mapToDouble(item -> balance[item] * Ability.probability(logit(ability, item)))
        .average()
        .orElse(0);
  }

  private double[] ability(List<Double> answers) {
    double[][] slopes = new double[chosen.size()][];
    double[] intercepts = new double[chosen.size()];
    for (int i = 0; i < slopes.length; i++) {
      int item = chosen.get(i);
      slopes[i] = new double[discrimination.length];
      for (int d = 0; d < discrimination.length; d++) {
        slopes[i][d] = discrimination[d][item];
        intercepts[i] -= difficulty[d][item];
      }
    }
    return Ability.likeliest(
        slopes, intercepts, answers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private double logit(double[] ability, int item) {
    double sum = 0;
    for (int d = 0; d < ability.length; d++) {
      double part = discrimination[d][item] * ability[d] - difficulty[d][item];
      sum += Math.clamp(part, -MOST_LOGIT, MOST_LOGIT);
    }
    return sum;
  }

  private void check() {
    require(!chosen.isEmpty() && weights.length == chosen.size(), "a weight for every question");
    require(
        chosen.size() == new HashSet<>(chosen).size()
            && chosen.stream().allMatch(item -> item >= 0 && item < balance.length),
        "chosen questions among all");
    require(mixture >= 0 && mixture <= 1, "lambda from 0 to 1");
    require(
        discrimination.length > 0 && difficulty.length == discrimination.length,
        "as many rows of difficulty as of discrimination");
    for (int d = 0; d < discrimination.length; d++) {
      require(
          discrimination[d].length == balance.length && difficulty[d].length == balance.length,
          "numbers for every question");
    }
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }

  private static double[][] rows(JsonNode json, String name) {
    return json.path(name).values().stream()
        .map(row -> numbers(row, name))
        .toArray(double[][]::new);
  }

  private static double[] numbers(JsonNode json, String name) {
    var list = json.isArray() ? json : json.path(name);
    return list.values().stream()
        .mapToDouble(
            value -> {
              require(Double.isFinite(value.asDouble(Double.NaN)), "numbers in " + name);
              return value.asDouble();
            })
        .toArray();
  }
}
