package dev.demur.lab.policy;

import java.util.TreeMap;

/// What tells a policy from any other, in a short text: stored results are found by it.
final class Identity {

  private Identity() {}

  /// The text of a policy. Ablating, adding or clamping one direction is called what it was called
  /// before there were policies, so that the runs of earlier versions are found.
  static String of(Policy policy) {
    if (policy.isNone()) {
      return "none";
    }
    var first = policy.rules().getFirst();
    var ingredient = policy.ingredient(first.operator().name());
    boolean simple = policy.rules().size() == 1 && first.equals(Rule.of(first.operator()));
    if (simple && ingredient instanceof Ingredient.Line(var d)) {
      String hash = new Numbers(d.unit()).hash();
      return switch (first.operator()) {
        case Operator.Scale(_, double factor) when factor == 0 -> "ablation " + hash;
        case Operator.Add(_, double c) ->
            "addition " + hash + " " + d.norm() + " " + d.source() + " " + c;
        case Operator.Clamp(_, double t) -> "clamp " + hash + " " + d.source() + " " + t;
        case Operator.Scale _, Operator.Affine _, Operator.Map _, Operator.KeepNorm _ ->
            whole(policy);
      };
    }
    return whole(policy);
  }

  private static String whole(Policy policy) {
    var hashes = new TreeMap<String, String>();
    policy.ingredients().forEach((name, ingredient) -> hashes.put(name, of(ingredient)));
    return policy + " " + hashes;
  }

  private static String of(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line(var d) ->
          new Numbers(d.unit()).hash() + " " + d.norm() + " " + d.source() + " " + d.position();
      case Ingredient.Centred(var d, var centre) ->
          new Numbers(d.unit()).hash() + " " + d.norm() + " " + d.source() + " " + centre.hash();
      case Ingredient.Subspace(var basis, var source, int position) ->
          basis.hash() + " " + source + " " + position;
      case Ingredient.LinearMap(var matrix, var source) -> matrix.hash() + " " + source;
      case Ingredient.Detector(var weight, double bias, var source, int position) ->
          weight.hash() + " " + bias + " " + source + " " + position;
    };
  }
}
