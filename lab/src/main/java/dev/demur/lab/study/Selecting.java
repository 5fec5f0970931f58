package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.steer.Intervention;
import dev.demur.lab.study.StudyConfig.Grid;
import dev.demur.model.arch.Forward;
import dev.demur.model.arch.StreamCache;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Stage 3: every candidate's three scores, prompt by prompt.
///
/// Cheap and telling scores come first: a candidate too near the output is not run; addition
/// restarts from the cached stream of its layer, so induce costs about half a pass; KL and bypass
/// are left for those that can still win. With [Grid#FULL] all but pure noise is scored.
final class Selecting {

  private final Forward forward;
  private final CandidateGrid grid;
  private final SelectionRules rules;
  private final Grid wanted;
  private final Set<Integer> refusalTokens;
  private final List<TokenIds> target;
  private final List<TokenIds> baseline;
  private final Tensor unedited;
  private final StreamCache streams;
  private long rows;

  /// @param target validation prompts that show the behaviour
  /// @param baseline validation prompts that do not
  /// @param unedited the unedited model's logits on `baseline`, `[prompt, d_vocab]`
  Selecting(
      Forward forward,
      CandidateGrid grid,
      StudyConfig config,
      Set<Integer> refusalTokens,
      List<TokenIds> target,
      List<TokenIds> baseline,
      Tensor unedited) {
    this.forward = forward;
    this.grid = grid;
    this.rules = config.rules();
    this.wanted = config.grid();
    this.refusalTokens = refusalTokens;
    this.target = target;
    this.baseline = baseline;
    this.unedited = unedited;
    this.streams = forward.streams(baseline);
  }

  /// Scores the candidates the journal does not hold yet.
  List<ScoredCandidate> run(Journal<ScoredCandidate> journal, Progress progress)
      throws IOException {
    var candidates = grid.candidates();
    int done = journal.rows().size();
    try (var task = progress.start("select", candidates.size())) {
      task.advance(done);
      for (var candidate : candidates.subList(done, candidates.size())) {
        try (var _ = Scope.open()) {
          journal.append(score(candidate));
        }
        task.advance(1);
      }
    }
    return journal.rows();
  }

  /// Rows run through the whole model so far, a shared prefix counted once, a pass from the middle
  /// by its share of the layers.
  long rows() {
    return rows;
  }

  private ScoredCandidate score(Candidate candidate) {
    double norm = grid.at(candidate).norm();
    if (grid.isNoise(candidate)) {
      return unscored(candidate, norm, Verdict.NOISE);
    }
    boolean late = candidate.layer() >= rules.firstPrunedLayer(grid.layers());
    if (late && wanted == Grid.PRUNED) {
      return unscored(candidate, norm, Verdict.TOO_LATE);
    }
    var direction = grid.direction(candidate);
    var ablation = new Intervention.Ablation(direction).plan(grid.layers());
    var addition = new Intervention.ActivationAddition(direction, 1).plan(grid.layers());
    rows += forward.rows(baseline) * (grid.layers() - candidate.layer()) / grid.layers();
    var induce = refusal(forward.lastLogitsFrom(streams, candidate.layer(), addition));
    double induced = RefusalScore.mean(induce);
    List<Double> kl = List.of();
    List<Double> bypass = List.of();
    if (wanted == Grid.FULL || induced >= rules.induceLimit()) {
      rows += forward.rows(baseline);
      kl = KlDivergence.of(unedited, forward.lastLogits(baseline, ablation));
    }
    if (wanted == Grid.FULL || mean(kl).filter(x -> x <= rules.klLimit()).isPresent()) {
      rows += forward.rows(target);
      bypass = refusal(forward.lastLogits(target, ablation));
    }
    var verdict = verdict(late, induced, mean(kl), mean(bypass));
    var scores =
        new CandidateScores(candidate, norm, mean(bypass), Optional.of(induced), mean(kl), verdict);
    return new ScoredCandidate(scores, bypass, induce, kl);
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

  private List<Double> refusal(Tensor logits) {
    return RefusalScore.of(logits, refusalTokens);
  }

  private static Optional<Double> mean(List<Double> scores) {
    return scores.isEmpty() ? Optional.empty() : Optional.of(RefusalScore.mean(scores));
  }

  private static ScoredCandidate unscored(Candidate candidate, double norm, Verdict verdict) {
    var scores =
        new CandidateScores(
            candidate, norm, Optional.empty(), Optional.empty(), Optional.empty(), verdict);
    return new ScoredCandidate(scores, List.of(), List.of(), List.of());
  }
}
