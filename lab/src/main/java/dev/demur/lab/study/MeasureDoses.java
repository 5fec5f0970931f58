package dev.demur.lab.study;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.Stage;
import dev.demur.lab.run.Workers;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The stage that runs the chosen direction's interventions at parts of their strength.
///
/// @param inputs all else that decides the scores
/// @param harmful validation prompts that show the behaviour
/// @param harmless validation prompts that do not
record MeasureDoses(
    StudiedModel asked,
    Direction direction,
    Set<Integer> refusalTokens,
    Object inputs,
    List<TokenIds> harmful,
    List<TokenIds> harmless) {

  /// Parts of the study's own strength, and one beyond it; each costs three passes.
  private static final List<Double> DOSES = List.of(0.0, 0.25, 0.5, 0.75, 1.0, 1.5);

  private static final List<Variant> VARIANTS =
      List.of(Variant.ABLATION, Variant.SUBTRACTION, Variant.ADDITION);

  /// Passes over a set of validation prompts.
  static final int PASSES = VARIANTS.size() * DOSES.size();

  /// A mean with an interval needs two prompts.
  private static final int LEAST = 2;

  /// The stage's output.
  ///
  /// @param points by variant, then dose
  public record Doses(List<DosePoint> points) {
    public Doses {
      points = List.copyOf(points);
    }
  }

  boolean isPossible() {
    return Math.min(harmful.size(), harmless.size()) >= LEAST;
  }

  Stage.OfValue<Doses> stage() {
    var about = List.of(inputs, DOSES, Treatment.ablation(Variant.ABLATION, direction).identity());
    return new Stage.OfValue<>("dose", about, Doses.class, this::compute);
  }

  private Doses compute(Progress progress) {
    var points = new ArrayList<DosePoint>();
    try (var task = progress.start("dose", PASSES)) {
      for (var variant : VARIANTS) {
        points.addAll(Workers.each(DOSES, dose -> point(variant, dose)));
        task.advance(DOSES.size());
      }
    }
    return new Doses(points);
  }

  private DosePoint point(Variant variant, double dose) {
    int layers = asked.model().config().nLayers();
    var prompts = variant.equals(Variant.ADDITION) ? harmless : harmful;
    var logits = asked.model().forward().lastLogits(prompts, plan(variant, dose, layers));
    var scores = RefusalScore.of(logits, refusalTokens);
    return new DosePoint(variant, dose, Estimate.of(scores), Rate.of(scores, score -> score > 0));
  }

  private HookPlan plan(Variant variant, double dose, int layers) {
    return variant.equals(Variant.ABLATION)
        ? new WeightEdit.Orthogonalize(direction, dose, Reach.all()).hooks(layers)
        : Policy.addition(direction, variant.equals(Variant.SUBTRACTION) ? -dose : dose)
            .plan(layers);
  }
}
