package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Which treatments an evaluation runs on which prompts.
///
/// @param coefficient of addition
/// @param randomDirections controls of equal norm
/// @param seed root of the controls' streams
record Treatments(double coefficient, int randomDirections, long seed) {

  static Treatments of(StudyConfig config) {
    return new Treatments(
        config.evaluation().coefficient(), config.evaluation().randomDirections(), config.seed());
  }

  List<Treatment> onHarmful(Direction direction) {
    var variants = new ArrayList<Treatment>();
    variants.add(Treatment.unedited());
    variants.add(Treatment.ablation(Variant.ABLATION, direction));
    variants.add(Treatment.addition(Variant.SUBTRACTION, direction, -coefficient));
    for (int i = 0; i < randomDirections; i++) {
      variants.add(Treatment.ablation(Variant.randomAblation(i), random(direction, i)));
    }
    return variants;
  }

  List<Treatment> onHarmless(Direction direction) {
    var variants = new ArrayList<Treatment>();
    variants.add(Treatment.unedited());
    variants.add(Treatment.addition(Variant.ADDITION, direction, coefficient));
    variants.add(Treatment.ablation(Variant.ABLATION, direction));
    for (int i = 0; i < randomDirections; i++) {
      variants.add(
          Treatment.addition(Variant.randomAddition(i), random(direction, i), coefficient));
    }
    return variants;
  }

  /// What the paper lays side by side on text, where its "act add" subtracts the direction: the
  /// cost of what stops refusals. Adding it, which induces them, stands beside it.
  ///
  /// Source: Arditi et al. 2024, table 9; `coeff=-1.0` in the released `run_pipeline.py`.
  List<Treatment> onText(Direction direction) {
    return List.of(
        Treatment.unedited(),
        Treatment.ablation(Variant.ABLATION, direction),
        Treatment.addition(Variant.SUBTRACTION, direction, -coefficient),
        Treatment.addition(Variant.ADDITION, direction, coefficient));
  }

  /// A direction of equal norm that means nothing: what an edit of this size does by itself.
  private Direction random(Direction like, int index) {
    var gaussian =
        ZigguratSampler.NormalizedGaussian.of(
            new Seeds(seed).generator("random-direction-" + index));
    double[] values = gaussian.samples(like.dModel()).toArray();
    var raw = Tensor.ofDoubles(values, like.dModel());
    var unit = raw.times(1 / raw.norm()).to(DType.F32);
    return new Direction(unit, like.norm(), like.source(), like.position());
  }
}
