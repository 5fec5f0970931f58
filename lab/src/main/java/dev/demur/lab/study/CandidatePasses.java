package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.steer.SideBySide;
import dev.demur.model.arch.Forward;
import dev.demur.model.arch.StreamCache;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The passes that score candidates, several candidates in each: a validation set alone is a batch
/// too small for the machine.
///
/// Each method returns, candidate by candidate, one score a prompt.
final class CandidatePasses {

  private final Forward forward;
  private final CandidateGrid grid;
  private final Set<Integer> refusalTokens;
  private final List<TokenIds> target;
  private final List<TokenIds> baseline;
  private final Tensor unedited;
  private final StreamCache streams;
  private long rows;

  /// @param target validation prompts that show the behaviour
  /// @param baseline validation prompts that do not
  /// @param unedited the unedited model's logits on `baseline`, `[prompt, d_vocab]`
  CandidatePasses(
      Forward forward,
      CandidateGrid grid,
      Set<Integer> refusalTokens,
      List<TokenIds> target,
      List<TokenIds> baseline,
      Tensor unedited) {
    this.forward = forward;
    this.grid = grid;
    this.refusalTokens = refusalTokens;
    this.target = target;
    this.baseline = baseline;
    this.unedited = unedited;
    this.streams = forward.streams(baseline);
  }

  /// Candidates whose baseline prompts make a batch.
  int baselineTogether() {
    return forward.copiesOf(baseline);
  }

  /// Candidates whose target prompts make a batch.
  int targetTogether() {
    return forward.copiesOf(target);
  }

  /// Rows run through the whole model so far, a shared prefix counted once a candidate, a pass from
  /// the middle by its share of the layers.
  long rows() {
    return rows;
  }

  /// Refusal scores of the baseline prompts with the difference of means added.
  ///
  /// @param candidates of one layer, from whose stream the pass starts
  List<List<Double>> induce(List<Candidate> candidates) {
    int layer = candidates.getFirst().layer();
    rows += candidates.size() * (forward.rows(baseline) * (grid.layers() - layer) / grid.layers());
    try (var _ = Scope.open()) {
      var added = sideBySide(candidates, baseline);
      var logits = forward.lastLogitsFrom(streams, added.copies(), layer, added.addition());
      return each(logits, baseline, this::refusal);
    }
  }

  /// How far ablation moves what the baseline prompts are answered with.
  List<List<Double>> kl(List<Candidate> candidates) {
    return ablated(candidates, baseline, logits -> KlDivergence.of(unedited, logits));
  }

  /// Refusal scores of the target prompts under ablation.
  List<List<Double>> bypass(List<Candidate> candidates) {
    return ablated(candidates, target, this::refusal);
  }

  private List<List<Double>> ablated(
      List<Candidate> candidates, List<TokenIds> prompts, Function<Tensor, List<Double>> scores) {
    rows += candidates.size() * forward.rows(prompts);
    try (var _ = Scope.open()) {
      var ablated = sideBySide(candidates, prompts);
      var plan = ablated.ablation(grid.layers());
      return each(forward.lastLogits(prompts, ablated.copies(), plan), prompts, scores);
    }
  }

  private SideBySide sideBySide(List<Candidate> candidates, List<TokenIds> prompts) {
    return SideBySide.of(candidates.stream().map(grid::direction).toList(), prompts.size());
  }

  private List<Double> refusal(Tensor logits) {
    return RefusalScore.of(logits, refusalTokens);
  }

  /// Scores of each copy's logits.
  ///
  /// @param logits `[copy · prompt, d_vocab]`
  private static List<List<Double>> each(
      Tensor logits, List<TokenIds> prompts, Function<Tensor, List<Double>> scores) {
    return IntStream.range(0, Math.toIntExact(logits.dim(0)) / prompts.size())
        .mapToObj(i -> scores.apply(logits.narrow(0, (long) i * prompts.size(), prompts.size())))
        .toList();
  }
}
