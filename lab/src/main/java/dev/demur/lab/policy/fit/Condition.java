package dev.demur.lab.policy.fit;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// When an addition acts: the cosine between a prompt's row and a condition direction, above or
/// below a threshold.
///
/// Source: CAST (Lee et al. 2024, arXiv 2409.05907): the direction is the first principal component
/// of paired activations, each pair centred on its own middle; layer, threshold and side are those
/// with the best F1.
///
/// @param layer whose resid_pre is read
/// @param unit c, `[d_model]`, length 1
/// @param threshold of ‖proj_c x‖ / ‖x‖
/// @param side which side of it target prompts lie on
/// @param f1 on the prompts it was chosen on
public record Condition(int layer, Tensor unit, double threshold, Side side, double f1) {

  /// A side of the threshold.
  public enum Side {
    ABOVE,
    BELOW
  }

  /// Activations of target and contrast prompts at one layer, `[prompt, d_model]`.
  ///
  /// @param layer whose resid_pre they are
  public record Layer(int layer, Tensor target, Tensor contrast) {}

  /// The first principal component of pairs: the direction along which differences are largest in
  /// the mean square. Its sign means nothing to a cosine gate.
  ///
  /// @param target `[prompt, d_model]`
  /// @param contrast `[prompt, d_model]`; more prompts of one set than of the other are left out
  public static Tensor principal(Tensor target, Tensor contrast) {
    long pairs = Math.min(target.dim(0), contrast.dim(0));
    var differences =
        target.to(DType.F64).narrow(0, 0, pairs).minus(contrast.to(DType.F64).narrow(0, 0, pairs));
    var vectors = Eigen.ofSymmetric(differences.transpose(0, 1).matmul(differences)).vectors();
    return vectors.row(vectors.dim(0) - 1).to(DType.F32);
  }

  /// ‖proj_c x‖ / ‖x‖ of each row.
  public static List<Double> cosines(Tensor rows, Tensor unit) {
    var wide = rows.to(DType.F64);
    double[] inside = wide.dotRows(unit.to(DType.F64)).abs().toDoubles();
    double[] whole = wide.square().sum(1).sqrt().toDoubles();
    return IntStream.range(0, inside.length)
        .mapToObj(i -> whole[i] == 0 ? 0 : inside[i] / whole[i])
        .toList();
  }

  /// The best condition over layers, thresholds between neighbouring cosines, and sides; the first
  /// of equals, layer by layer, threshold by threshold, above before below.
  ///
  /// @throws IllegalArgumentException if there is no layer, or no threshold tells prompts apart
  public static Condition best(List<Layer> layers) {
    return layers.stream()
        .flatMap(layer -> candidates(layer).stream())
        .reduce((a, b) -> b.f1 > a.f1 ? b : a)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "all prompts have the same cosine at every layer; there is no condition"));
  }

  private static List<Condition> candidates(Layer at) {
    var unit = principal(at.target(), at.contrast());
    var target = cosines(at.target(), unit);
    var contrast = cosines(at.contrast(), unit);
    var all = new TreeSet<>(target);
    all.addAll(contrast);
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
    return IntStream.range(1, sorted.length)
        .mapToDouble(i -> (sorted[i - 1] + sorted[i]) / 2)
        .boxed()
        .flatMap(
            threshold ->
                Arrays.stream(Side.values())
                    .map(
                        side ->
                            new Condition(
                                at.layer(),
                                unit,
                                threshold,
                                side,
                                f1(target, contrast, threshold, side))))
        .toList();
  }

  private static double f1(
      List<Double> target, List<Double> contrast, double threshold, Side side) {
    long hits = caught(target, threshold, side);
    long alarms = caught(contrast, threshold, side);
    return 2.0 * hits / (hits + alarms + target.size());
  }

  private static long caught(List<Double> cosines, double threshold, Side side) {
    return cosines.stream()
        .filter(cosine -> side == Side.ABOVE ? cosine > threshold : !(cosine > threshold))
        .count();
  }
}
