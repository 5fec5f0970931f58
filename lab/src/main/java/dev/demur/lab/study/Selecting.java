package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.study.StudyConfig.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Stage 3: every candidate's three scores, prompt by prompt.
///
/// Cheap and telling scores come first: a candidate too near the output is not run; addition
/// restarts from the cached stream of its layer, so induce costs about half a pass; KL and bypass
/// are left for those that can still win. With [Grid#FULL] all but pure noise is scored.
///
/// Candidates of one layer share a pass for induce; for KL and bypass those share one that come
/// together to fill it.
final class Selecting {

  private final CandidatePasses passes;
  private final CandidateGrid grid;
  private final SelectionRules rules;
  private final Grid wanted;

  /// @param passes what scores them
  /// @param grid the candidates
  /// @param rules which of them can be chosen
  /// @param wanted whether those that cannot are scored
  Selecting(CandidatePasses passes, CandidateGrid grid, SelectionRules rules, Grid wanted) {
    this.passes = passes;
    this.grid = grid;
    this.rules = rules;
    this.wanted = wanted;
  }

  /// Scores the candidates the journal does not hold yet.
  ///
  /// @return all of them, in the grid's order
  List<ScoredCandidate> run(Journal<ScoredCandidate> journal, Progress progress)
      throws IOException {
    var candidates = grid.candidates();
    var done = journal.rows().stream().map(Selecting::place).collect(Collectors.toSet());
    var left = candidates.stream().filter(candidate -> !done.contains(candidate)).toList();
    try (var task = progress.start("select", candidates.size())) {
      task.advance(done.size());
      var sweep =
          new Sweep(
              scored -> {
                journal.append(scored);
                task.advance(1);
              });
      for (int layer = 0; layer < grid.layers(); layer++) {
        int here = layer;
        sweep.enter(left.stream().filter(candidate -> candidate.layer() == here).toList());
      }
      sweep.drain(1, 1);
    }
    return journal.rows().stream()
        .sorted(Comparator.comparingInt(row -> candidates.indexOf(place(row))))
        .toList();
  }

  private static Candidate place(ScoredCandidate scored) {
    return scored.scores().candidate();
  }

  /// Told of each candidate of which nothing is left to find out.
  private interface Finished {
    void accept(ScoredCandidate scored) throws IOException;
  }

  /// A candidate with the scores it has so far.
  private record Partly(
      Candidate candidate, List<Double> induce, List<Double> kl, List<Double> bypass) {

    static Partly of(Candidate candidate, List<Double> induce) {
      return new Partly(candidate, induce, List.of(), List.of());
    }

    Partly withKl(List<Double> scores) {
      return new Partly(candidate, induce, scores, bypass);
    }

    Partly withBypass(List<Double> scores) {
      return new Partly(candidate, induce, kl, scores);
    }
  }

  /// Takes candidates through the three scores. State: which of them wait for which pass.
  private final class Sweep {
    private final Finished finished;
    private final List<Partly> beforeKl = new ArrayList<>();
    private final List<Partly> beforeBypass = new ArrayList<>();

    Sweep(Finished finished) {
      this.finished = finished;
    }

    /// Takes in the candidates of one layer.
    void enter(List<Candidate> candidates) throws IOException {
      var running = new ArrayList<Candidate>();
      for (var candidate : candidates) {
        if (grid.isNoise(candidate)) {
          finished.accept(unscored(candidate, Verdict.NOISE));
        } else if (isLate(candidate) && wanted == Grid.PRUNED) {
          finished.accept(unscored(candidate, Verdict.TOO_LATE));
        } else {
          running.add(candidate);
        }
      }
      while (!running.isEmpty()) {
        var together = taken(running, passes.baselineTogether());
        var scored = with(together, passes.induce(together), Partly::of);
        passOn(scored, beforeKl, row -> mean(row.induce) >= rules.induceLimit());
      }
      drain(passes.baselineTogether(), passes.targetTogether());
    }

    /// Runs passes while at least so many candidates wait for one.
    void drain(int leastKl, int leastBypass) throws IOException {
      while (beforeKl.size() >= leastKl) {
        var together = taken(beforeKl, passes.baselineTogether());
        var scored = with(together, passes.kl(candidates(together)), Partly::withKl);
        passOn(scored, beforeBypass, row -> mean(row.kl) <= rules.klLimit());
      }
      while (beforeBypass.size() >= leastBypass) {
        var together = taken(beforeBypass, passes.targetTogether());
        for (var row : with(together, passes.bypass(candidates(together)), Partly::withBypass)) {
          finished.accept(judged(row));
        }
      }
    }

    /// Sends candidates on to the next pass, or home.
    private void passOn(List<Partly> scored, List<Partly> waiting, Predicate<Partly> canWin)
        throws IOException {
      for (var row : scored) {
        if (wanted == Grid.FULL || canWin.test(row)) {
          waiting.add(row);
        } else {
          finished.accept(judged(row));
        }
      }
    }
  }

  private static <T> List<T> taken(List<T> waiting, int most) {
    var first = waiting.subList(0, Math.min(most, waiting.size()));
    var taken = List.copyOf(first);
    first.clear();
    return taken;
  }

  private static <T> List<Partly> with(
      List<T> rows, List<List<Double>> scores, BiFunction<T, List<Double>, Partly> with) {
    return IntStream.range(0, rows.size())
        .mapToObj(i -> with.apply(rows.get(i), scores.get(i)))
        .toList();
  }

  private static List<Candidate> candidates(List<Partly> rows) {
    return rows.stream().map(Partly::candidate).toList();
  }

  private boolean isLate(Candidate candidate) {
    return candidate.layer() >= rules.firstPrunedLayer(grid.layers());
  }

  private ScoredCandidate judged(Partly row) {
    var candidate = row.candidate;
    var bypass = meanOf(row.bypass);
    double induce = mean(row.induce);
    var kl = meanOf(row.kl);
    var scores =
        new CandidateScores(
            candidate,
            grid.at(candidate).norm(),
            bypass,
            Optional.of(induce),
            kl,
            verdict(isLate(candidate), induce, kl, bypass));
    return new ScoredCandidate(scores, row.bypass, row.induce, row.kl);
  }

  private Verdict verdict(
      boolean late, double induce, Optional<Double> kl, Optional<Double> bypass) {
    if (!Double.isFinite(induce)
        || kl.filter(x -> !Double.isFinite(x)).isPresent()
        || bypass.filter(x -> !Double.isFinite(x)).isPresent()) {
      return Verdict.NOT_FINITE;
    }
    if (late) {
      return Verdict.TOO_LATE;
    }
    if (kl.filter(x -> x > rules.klLimit()).isPresent()) {
      return Verdict.KL_TOO_HIGH;
    }
    return induce < rules.induceLimit() ? Verdict.INDUCE_TOO_LOW : Verdict.ELIGIBLE;
  }

  private static double mean(List<Double> scores) {
    return RefusalScore.mean(scores);
  }

  private static Optional<Double> meanOf(List<Double> scores) {
    return scores.isEmpty() ? Optional.empty() : Optional.of(mean(scores));
  }

  private ScoredCandidate unscored(Candidate candidate, Verdict verdict) {
    var scores =
        new CandidateScores(
            candidate,
            grid.at(candidate).norm(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            verdict);
    return new ScoredCandidate(scores, List.of(), List.of(), List.of());
  }
}
