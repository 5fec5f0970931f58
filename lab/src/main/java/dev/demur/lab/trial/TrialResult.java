package dev.demur.lab.trial;

import dev.demur.lab.benchmark.Outcome.Change;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a trial found.
///
/// @param model its name
/// @param judge whose verdicts the rates are
/// @param margin by how much a share may get worse before it counts
/// @param lines the unedited model first, then each row with its controls behind it
public record TrialResult(String model, String judge, double margin, List<Line> lines) {

  public TrialResult {
    lines = List.copyOf(lines);
  }

  /// One row's numbers.
  ///
  /// @param row how the model was run
  /// @param cells one for each set, in the columns' order
  /// @param loss what the unedited model's benign answers cost more per token, nats, 95 % interval;
  ///   empty for that model and where there is no benign set
  /// @param looked attention to alarming words, by set, in the same order; empty where it was not
  ///   measured
  /// @param asked benchmarks by the harness' name of the task; empty where none was asked
  /// @param cost tokens and seconds
  /// @param verdict in words
  /// @param attack how the row was attacked; empty where it was not
  public record Line(
      TrialRow row,
      Map<Column, Cell> cells,
      Optional<Estimate> loss,
      Map<Column, Looked> looked,
      Map<String, Asked> asked,
      Cost cost,
      Verdict verdict,
      Optional<Attacked> attack) {

    public Line {
      cells = Collections.unmodifiableMap(new TreeMap<>(cells));
      looked = Collections.unmodifiableMap(new TreeMap<>(looked));
      asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
    }

    /// A column's cell, where the trial has that set.
    public Optional<Cell> cell(Column column) {
      return Optional.ofNullable(cells.get(column));
    }

    Line with(Verdict other, Optional<Attacked> attacked) {
      return new Line(row, cells, loss, looked, asked, cost, other, attacked);
    }
  }

  /// One set in one row.
  ///
  /// @param refused judged refusals; empty where the judge judged no answer
  /// @param broken answers that are empty or loop
  /// @param change of refusals from the unedited model on the same prompts; empty for that model,
  ///   and where no pair was judged
  /// @param breaks change of broken answers, the same
  public record Cell(
      Optional<Rate> refused,
      Rate broken,
      Optional<PairedTest> change,
      Optional<PairedTest> breaks) {}

  /// Attention to alarming words in one row.
  ///
  /// @param share of what the last token looks at in the instruction, the mean over prompts
  /// @param words which share of the instruction's tokens they are, the same
  /// @param prompts that have such a word
  /// @param change of the share from the unedited model on the same prompts; empty for that model
  public record Looked(double share, double words, int prompts, Optional<Estimate> change) {}

  /// A benchmark in one row.
  ///
  /// @param mean of its first metric, 0 to 1
  /// @param change from the unedited model on the same questions; empty for that model
  public record Asked(double mean, Optional<Change> change) {}

  /// What answers took.
  ///
  /// @param tokens of an answer, the mean
  /// @param seconds of an answer, the mean
  /// @param times seconds a token, relative to the unedited model
  public record Cost(double tokens, double seconds, double times) {}

  /// How a row stood an attack.
  ///
  /// @param steps refused shares by first token: defended, then with one direction more ablated
  ///   each
  /// @param kl mean KL on benign prompts between the defended and the attacked model, nats
  /// @param cosines of the directions with the first one found in the unedited model
  /// @param words what it came to
  public record Attacked(List<Double> steps, double kl, List<Double> cosines, String words) {
    public Attacked {
      steps = List.copyOf(steps);
      cosines = List.copyOf(cosines);
    }
  }
}
