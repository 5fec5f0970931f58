package dev.demur.lab.policy;

import dev.demur.lab.direction.Direction;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Random;

/// Policies that mean nothing, to compare others with.
public final class RandomControl {

  private RandomControl() {}

  /// The same policy along random directions: equal norms, places, spans and gates. Directions and
  /// subspaces are drawn anew; a map keeps how far it moves each row and moves it elsewhere, its
  /// columns shuffled and their signs drawn. What is added has an equal dose; what is scaled has
  /// not, because a random direction holds another share of the stream.
  ///
  /// @param seed decides what is drawn
  public static Policy of(Policy policy, long seed) {
    var random = new Random(seed);
    var names = new LinkedHashMap<>(policy.ingredients());
    var rules = new ArrayList<Rule>();
    var drawn = new LinkedHashMap<String, String>();
    for (var rule : policy.rules()) {
      String name = rule.operator().name();
      if (!drawn.containsKey(name)) {
        String free = "random-" + name;
        while (names.containsKey(free)) {
          free += "x";
        }
        names.put(free, drawn(policy.ingredient(name), random));
        drawn.put(name, free);
      }
      // Gates keep what they read.
      var renamed = Renaming.of(rule, drawn);
      rules.add(renamed.when(rule.gate()));
    }
    return new Policy(rules, names);
  }

  private static Ingredient drawn(Ingredient ingredient, Random random) {
    return switch (ingredient) {
      case Ingredient.Line(var direction) -> new Ingredient.Line(drawn(direction, random));
      case Ingredient.Centred(var direction, var centre) ->
          new Ingredient.Centred(drawn(direction, random), centre);
      case Ingredient.Subspace(var basis, var source, int position) ->
          new Ingredient.Subspace(
              new Numbers(orthonormal(random, basis.tensor())), source, position);
      case Ingredient.LinearMap(var matrix, var source) ->
          new Ingredient.LinearMap(new Numbers(shuffled(matrix.tensor(), random)), source);
      case Ingredient.Detector detector -> detector;
    };
  }

  private static Direction drawn(Direction direction, Random random) {
    var raw = Tensor.gaussian(random, direction.dModel());
    return new Direction(
        raw.times(1 / raw.norm()), direction.norm(), direction.source(), direction.position());
  }

  /// As many random rows at right angles, by Gram and Schmidt.
  private static Tensor orthonormal(Random random, Tensor like) {
    var rows = new ArrayList<Tensor>();
    for (int i = 0; i < like.dim(0); i++) {
      var row = Tensor.gaussian(random, like.dim(1));
      for (int pass = 0; pass < 2; pass++) { // twice, for rounding
        for (var one : rows) {
          row = row.minus(one.times(row.dotRows(one).item()));
        }
      }
      rows.add(row.times(1 / row.norm()));
    }
    return Tensor.stack(rows);
  }

  private static Tensor shuffled(Tensor matrix, Random random) {
    var order = new ArrayList<Integer>();
    int width = Math.toIntExact(matrix.dim(1));
    float[] signs = new float[width];
    for (int i = 0; i < width; i++) {
      order.add(i);
      signs[i] = random.nextBoolean() ? 1 : -1;
    }
    Collections.shuffle(order, random);
    var columns = Tensor.ofIndices(order.stream().mapToInt(Integer::intValue));
    return matrix.select(1, columns).times(Tensor.of(signs, width)).contiguous();
  }
}
