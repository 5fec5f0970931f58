package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Direction;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Which variants an evaluation runs on which prompts.
///
/// @param coefficient of addition
/// @param randomDirections controls of equal norm
/// @param seed root of the controls' streams
record Variants(double coefficient, int randomDirections, long seed) {

  static Variants of(StudyConfig config) {
    return new Variants(
        config.evaluation().coefficient(), config.evaluation().randomDirections(), config.seed());
  }

  List<Variant> onTarget(Direction direction) {
    var variants = new ArrayList<Variant>();
    variants.add(Variant.baseline());
    variants.add(Variant.ablation("ablation", direction));
    variants.add(Variant.addition("actadd-minus", direction, -coefficient));
    for (int i = 0; i < randomDirections; i++) {
      variants.add(Variant.ablation("random-ablation-" + i, random(direction, i)));
    }
    return variants;
  }

  List<Variant> onBaseline(Direction direction) {
    var variants = new ArrayList<Variant>();
    variants.add(Variant.baseline());
    variants.add(Variant.addition("actadd", direction, coefficient));
    variants.add(Variant.ablation("ablation", direction));
    for (int i = 0; i < randomDirections; i++) {
      variants.add(Variant.addition("random-actadd-" + i, random(direction, i), coefficient));
    }
    return variants;
  }

  /// What the paper lays side by side on text.
  List<Variant> onText(Direction direction) {
    return List.of(
        Variant.baseline(),
        Variant.ablation("ablation", direction),
        Variant.addition("actadd", direction, coefficient));
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
