package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.study.CandidatePasses.Validation;
import dev.demur.lab.study.StudyConfig.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Gives every candidate its three scores, prompt by prompt.
///
/// Cheap and telling scores come first: a candidate too near the output is not run; addition
/// restarts from the cached stream of its layer, so induce costs about half a pass; KL and bypass
/// are left for those that can still win. With [Grid#FULL] all but pure noise is scored; with
/// [Grid#HALVED] on a quarter of the prompts first, then on a half, then on all, and only those
/// that can still win go on.
///
/// Candidates of one layer share a pass for induce; for KL and bypass those share one that come
/// together to fill it. A race that goes on after a stop makes up the same passes and leaves out
/// those of which every score is kept: what lies in a pass together moves the last digits of a sum.
final class CandidateRace {

  /// Shares of the prompts a halved selection has run after each round.
  private static final List<Double> HALVES = List.of(0.25, 0.5, 1.0);

  /// A round with fewer prompts tells too little.
  private static final int LEAST_PROMPTS = 4;

  /// What a round may decide of a candidate: whether it induces, preserves and can win.
  private static final int DECISIONS = 3;

  private final List<CandidatePasses> rounds;
  private final CandidateGrid grid;
  private final Elimination elimination;
  private final Grid wanted;

  private CandidateRace(
      List<CandidatePasses> rounds, CandidateGrid grid, Elimination elimination, Grid wanted) {
    this.rounds = List.copyOf(rounds);
    this.grid = grid;
    this.elimination = elimination;
    this.wanted = wanted;
  }

  /// A selection among candidates.
  ///
  /// @param rules which of them can be chosen
  /// @param wanted whether those that cannot are scored
  /// @param validation the prompts
  /// @param passes what scores candidates on a part of the prompts
  static CandidateRace of(
      CandidateGrid grid,
      SelectionRules rules,
      Grid wanted,
      Validation validation,
      Function<Validation, CandidatePasses> passes) {
    int harmful = validation.harmful().size();
    int harmless = validation.harmless().size();
    var rounds = new ArrayList<CandidatePasses>();
    double from = 0;
    for (double to : shares(wanted, Math.min(harmful, harmless))) {
      rounds.add(passes.apply(validation.between(from, to)));
      from = to;
    }
    int decisions = DECISIONS * grid.candidates().size() * (rounds.size() - 1);
    var elimination = new Elimination(rules, harmful, harmless, decisions);
    return new CandidateRace(rounds, grid, elimination, wanted);
  }

  private static List<Double> shares(Grid wanted, int prompts) {
    return wanted == Grid.HALVED
        ? HALVES.stream().filter(share -> share == 1 || share * prompts >= LEAST_PROMPTS).toList()
        : List.of(1.0);
  }

  /// Scores the candidates that have no row yet.
  void run(MissingRows<ScoredCandidate> missing) throws IOException {
    var kept = missing.rows().stream().map(Contestant::of).toList();
    var left = new ArrayList<Contestant>();
    for (var candidate : grid.candidates()) {
      var verdict = unrun(candidate);
      if (verdict.isPresent()) {
        missing.add(scored(Contestant.of(candidate), verdict.get()));
      } else {
        left.add(Contestant.of(candidate));
      }
    }
    race(left, kept, missing::add);
  }

  /// Rows run through the whole model so far, as [CandidatePasses#rows] counts them.
  long rows() {
    return rounds.stream().mapToLong(CandidatePasses::rows).sum();
  }

  /// Why a candidate is not run at all, if it is not.
  private Optional<Verdict> unrun(Candidate candidate) {
    if (grid.isNoise(candidate)) {
      return Optional.of(Verdict.NOISE);
    }
    return isLate(candidate) && wanted != Grid.FULL
        ? Optional.of(Verdict.TOO_LATE)
        : Optional.empty();
  }

  /// Receives each candidate once its scores are final.
  private interface Finished {
    void accept(ScoredCandidate scored) throws IOException;
  }

  /// @param kept contestants of an earlier run, with what was kept of their scores
  private void race(List<Contestant> entered, List<Contestant> kept, Finished finished)
      throws IOException {
    var left = entered;
    for (int round = 0; round < rounds.size(); round++) {
      boolean last = round == rounds.size() - 1;
      var sweep = new Sweep(rounds.get(round), kept, finished, last);
      for (int layer = 0; layer < grid.layers(); layer++) {
        int here = layer;
        sweep.enter(left.stream().filter(one -> one.candidate().layer() == here).toList());
      }
      sweep.drain(1, 1);
      left = last ? List.of() : elimination.mayWin(sweep.through);
      for (var one : sweep.through) {
        if (!left.contains(one)) {
          finished.accept(judged(one));
        }
      }
    }
  }

  /// Takes candidates through the three scores on one part of the prompts. State: which of them
  /// wait for which pass, and which have come through.
  private final class Sweep {
    private final CandidatePasses passes;
    private final Pass induce;
    private final Pass kl;
    private final Pass bypass;
    private final Finished finished;
    private final boolean last;
    private final List<Contestant> beforeKl = new ArrayList<>();
    private final List<Contestant> beforeBypass = new ArrayList<>();
    private final List<Contestant> through = new ArrayList<>();

    Sweep(CandidatePasses passes, List<Contestant> kept, Finished finished, boolean last) {
      this.passes = passes;
      var known =
          kept.stream().collect(Collectors.toMap(Contestant::candidate, Function.identity()));
      int harmless = passes.harmlessPrompts();
      int harmful = passes.harmfulPrompts();
      this.induce =
          new Pass(passes::induce, harmless, Contestant::induce, Contestant::withInduce, known);
      this.kl = new Pass(passes::kl, harmless, Contestant::kl, Contestant::withKl, known);
      this.bypass =
          new Pass(passes::bypass, harmful, Contestant::bypass, Contestant::withBypass, known);
      this.finished = finished;
      this.last = last;
    }

    /// Takes in the candidates of one layer.
    void enter(List<Contestant> contestants) throws IOException {
      var running = new ArrayList<>(contestants);
      while (!running.isEmpty()) {
        var together = taken(running, passes.harmlessTogether());
        passOn(induce.of(together), beforeKl, unlessAll(elimination::mayInduce));
      }
      drain(passes.harmlessTogether(), passes.harmfulTogether());
    }

    /// Runs passes while at least so many candidates wait for one.
    void drain(int leastKl, int leastBypass) throws IOException {
      while (beforeKl.size() >= leastKl) {
        var together = taken(beforeKl, passes.harmlessTogether());
        passOn(kl.of(together), beforeBypass, unlessAll(elimination::mayPreserve));
      }
      while (beforeBypass.size() >= leastBypass) {
        var together = taken(beforeBypass, passes.harmfulTogether());
        passOn(bypass.of(together), through, _ -> !last);
      }
    }

    /// Sends candidates on to the next pass, or home.
    private void passOn(
        List<Contestant> scored, List<Contestant> next, Predicate<Contestant> mayWin)
        throws IOException {
      for (var one : scored) {
        if (mayWin.test(one)) {
          next.add(one);
        } else {
          finished.accept(judged(one));
        }
      }
    }
  }

  private Predicate<Contestant> unlessAll(Predicate<Contestant> rule) {
    return wanted == Grid.FULL ? _ -> true : rule;
  }

  private static List<Contestant> taken(List<Contestant> waiting, int most) {
    var first = waiting.subList(0, Math.min(most, waiting.size()));
    var taken = List.copyOf(first);
    first.clear();
    return taken;
  }

  /// One score of some candidates on a part of the prompts.
  ///
  /// @param run runs it, candidate by candidate a score a prompt
  /// @param prompts of the part
  /// @param scores what a contestant has of this score
  /// @param with a contestant with more of it
  /// @param kept what an earlier run has left
  private record Pass(
      Function<List<Candidate>, List<List<Double>>> run,
      int prompts,
      Function<Contestant, List<Double>> scores,
      BiFunction<Contestant, List<Double>, Contestant> with,
      Map<Candidate, Contestant> kept) {

    /// The contestants with their scores.
    List<Contestant> of(List<Contestant> together) {
      var left = together.stream().map(this::left).flatMap(Optional::stream).toList();
      var more =
          left.size() == together.size()
              ? left
              : run.apply(together.stream().map(Contestant::candidate).toList());
      return IntStream.range(0, together.size())
          .mapToObj(i -> with.apply(together.get(i), more.get(i)))
          .toList();
    }

    /// This part's scores of a contestant, if they are kept.
    private Optional<List<Double>> left(Contestant one) {
      int from = scores.apply(one).size();
      return Optional.ofNullable(kept.get(one.candidate()))
          .map(scores)
          .filter(all -> all.size() >= from + prompts)
          .map(all -> all.subList(from, from + prompts));
    }
  }

  // ---- verdicts ----------------------------------------------------------------------------

  private boolean isLate(Candidate candidate) {
    return candidate.layer() >= elimination.rules().firstPrunedLayer(grid.layers());
  }

  private ScoredCandidate judged(Contestant one) {
    var verdict = verdict(one);
    // One put out by the last round has been through some of its passes alone.
    var shown = verdict == Verdict.DROPPED_EARLY ? one : elimination.whole(one);
    return scored(shown, verdict);
  }

  private ScoredCandidate scored(Contestant one, Verdict verdict) {
    var scores =
        new CandidateScores(
            one.candidate(),
            grid.at(one.candidate()).norm(),
            Contestant.mean(one.bypass()),
            Contestant.mean(one.induce()),
            Contestant.mean(one.kl()),
            verdict);
    return new ScoredCandidate(scores, one.bypass(), one.induce(), one.kl());
  }

  private Verdict verdict(Contestant one) {
    if (!one.isFinite()) {
      return Verdict.NOT_FINITE;
    }
    if (isLate(one.candidate())) {
      return Verdict.TOO_LATE;
    }
    if (one.induce().size() < elimination.harmlessPrompts()) {
      return Verdict.DROPPED_EARLY;
    }
    var rules = elimination.rules();
    if (Contestant.mean(elimination.whole(one).kl()).filter(x -> x > rules.klLimit()).isPresent()) {
      return Verdict.KL_TOO_HIGH;
    }
    return switch (rules.criterion()) {
      case COSMIC -> Verdict.ELIGIBLE;
      case BYPASS ->
          Contestant.mean(one.induce()).filter(x -> x < rules.induceLimit()).isPresent()
              ? Verdict.INDUCE_TOO_LOW
              : Verdict.ELIGIBLE;
    };
  }
}
