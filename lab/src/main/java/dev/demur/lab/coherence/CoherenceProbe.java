package dev.demur.lab.coherence;

import dev.demur.lab.run.Workers;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.LogLikelihood;
import dev.demur.model.forward.Forward;
import dev.demur.model.forward.Passage;
import dev.demur.model.forward.TeacherForcing;
import dev.demur.model.forward.TeacherForcing.Target;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Scores passages under several variants at once.
///
/// @param forcing the model and the variants' plans, the unedited model first
/// @param divergence whether KL divergences are measured as well
public record CoherenceProbe(TeacherForcing forcing, Divergence divergence) {

  /// Whether the distributions of the variants are compared at every token. Twice the work of the
  /// losses alone, where the vocabulary is large.
  public enum Divergence {
    MEASURED,
    LEFT_OUT
  }

  /// Passages that fill a few batches: what a stopped process loses at most.
  public static final int TOGETHER = 16;

  /// A probe of a model.
  ///
  /// @param plans what is done in each variant; nothing in the first
  public static CoherenceProbe of(Forward forward, List<HookPlan> plans, Divergence divergence) {
    return new CoherenceProbe(TeacherForcing.of(forward, plans), divergence);
  }

  /// Scores the passages at `places` of a corpus, together.
  ///
  /// @param rows receives each passage, in the order of `places`
  /// @throws NumericException if a logit is NaN or infinite
  public void run(Corpus corpus, List<Integer> places, Consumer<PassageScores> rows) {
    score(
        places.stream().map(corpus.passages()::get).toList(),
        scores -> rows.accept(scores.at(places.get(scores.passage()))));
  }

  /// Every passage, in order.
  public List<PassageScores> run(Corpus corpus) {
    var rows = new ArrayList<PassageScores>();
    int size = corpus.passages().size();
    for (int start = 0; start < size; start += TOGETHER) {
      int end = Math.min(size, start + TOGETHER);
      run(corpus, IntStream.range(start, end).boxed().toList(), rows::add);
    }
    return rows;
  }

  /// Scores passages together.
  void score(List<Passage> passages, Consumer<PassageScores> rows) {
    var sums = Workers.each(Workers.parts(passages), this::sums).stream().flatMap(List::stream);
    var all = sums.toList();
    for (int i = 0; i < all.size(); i++) {
      rows.accept(all.get(i).scores(i));
    }
  }

  private List<Sums> sums(List<Passage> passages) {
    var sums = passages.stream().map(Sums::new).toList();
    forcing.run(passages, (targets, logits) -> add(sums, targets, logits));
    return sums;
  }

  private void add(List<Sums> sums, List<Target> targets, List<Tensor> logits) {
    var tokens = targets.stream().map(Target::token).toList();
    for (int variant = 0; variant < logits.size(); variant++) {
      var likelihoods = LogLikelihood.of(logits.get(variant), tokens);
      var divergences =
          variant == 0 || divergence == Divergence.LEFT_OUT
              ? List.<Double>of()
              : KlDivergence.of(logits.getFirst(), logits.get(variant));
      for (int i = 0; i < targets.size(); i++) {
        var target = targets.get(i);
        var sum = sums.get(target.passage());
        sum.nats[variant] -= likelihoods.get(i);
        if (!divergences.isEmpty()) {
          sum.divergence[variant - 1][target.index() - sum.passage.from()] = divergences.get(i);
        }
      }
    }
  }

  /// What is summed up of one passage; changed as logits come.
  private final class Sums {
    private final Passage passage;
    private final double[] nats;
    private final double[][] divergence;

    Sums(Passage passage) {
      int variants = forcing.plans().size();
      this.passage = passage;
      this.nats = new double[variants];
      int kept = CoherenceProbe.this.divergence == Divergence.MEASURED ? passage.predicted() : 0;
      this.divergence = new double[variants - 1][kept];
    }

    PassageScores scores(int index) {
      return new PassageScores(
          index,
          passage.predicted(),
          Arrays.stream(nats).boxed().toList(),
          Arrays.stream(divergence).map(row -> Arrays.stream(row).boxed().toList()).toList());
    }
  }
}
