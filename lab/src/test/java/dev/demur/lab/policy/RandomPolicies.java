package dev.demur.lab.policy;

import dev.demur.kit.TinyModels;
import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Policies of every kind, from a seed.
final class RandomPolicies {

  static final long SEED = TinyModels.SEED;

  private static final int WIDTH = 6;

  /// Names that need care: a word of the language, a number, quotes, blanks, a path.
  private static final List<String> ODD =
      List.of("when", "7", ".5e2", "a \"b\"", "back\\slash", "runs/x.safetensors", "π", "r@1");

  private RandomPolicies() {}

  static Policy next(Random random) {
    var rules = new ArrayList<Rule>();
    var names = new LinkedHashMap<String, Ingredient>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      var operator = operator(random, names);
      if (random.nextInt(4) == 0) {
        operator = new Operator.KeepNorm(operator);
      }
      var span = Span.values()[random.nextInt(Span.values().length)];
      rules.add(new Rule(gate(random, names), span, places(random), operator));
    }
    return new Policy(rules, names);
  }

  private static String put(Random random, Map<String, Ingredient> names, Ingredient ingredient) {
    String name = (random.nextBoolean() ? ODD.get(random.nextInt(ODD.size())) : "x") + names.size();
    names.put(name, ingredient);
    return name;
  }

  private static Operator operator(Random random, Map<String, Ingredient> names) {
    double number = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextGaussian() * 1e-5;
    return switch (random.nextInt(6)) {
      case 0 -> new Operator.Scale(put(random, names, new Ingredient.Line(line(random))), number);
      case 1 -> new Operator.Scale(put(random, names, plane()), number);
      case 2 -> new Operator.Add(put(random, names, new Ingredient.Line(line(random))), number);
      case 3 -> {
        var centre = new Numbers(Tensor.gaussian(random, WIDTH));
        yield new Operator.Affine(
            put(random, names, new Ingredient.Centred(line(random), centre)), number);
      }
      case 4 -> new Operator.Clamp(put(random, names, new Ingredient.Line(line(random))), number);
      default -> {
        var from = Operator.From.values()[random.nextInt(2)];
        var matrix = new Numbers(Tensor.gaussian(random, WIDTH, WIDTH));
        yield new Operator.Map(
            put(random, names, new Ingredient.LinearMap(matrix, at(random))), number, from);
      }
    };
  }

  private static Gate gate(Random random, Map<String, Ingredient> names) {
    return switch (random.nextInt(4)) {
      case 0 -> new Gate.Always();
      case 1 -> {
        var weight = new Numbers(Tensor.gaussian(random, WIDTH));
        var probe = new Ingredient.Detector(weight, random.nextGaussian(), at(random), -3);
        yield new Gate.Above(put(random, names, probe), random.nextGaussian());
      }
      case 2 -> new Gate.Cosine(put(random, names, plane()), random.nextDouble());
      default ->
          new Gate.Not(new Gate.Above(put(random, names, new Ingredient.Line(line(random))), 1e10));
    };
  }

  private static Places places(Random random) {
    var layers =
        random.nextBoolean()
            ? new Places.Layers.Own()
            : new Places.Layers.Range(random.nextInt(3), 3 + random.nextInt(2));
    var sites = random.nextBoolean() ? List.<Site>of() : List.of(Site.MLP_OUT, Site.RESID_PRE);
    return new Places(sites, layers);
  }

  private static Ingredient plane() {
    float[] basis = new float[2 * WIDTH];
    basis[1] = 1;
    basis[WIDTH + 4] = -1;
    return new Ingredient.Subspace(
        new Numbers(Tensor.of(basis, 2, WIDTH)), new HookPoint(1, Site.RESID_PRE), -2);
  }

  private static Direction line(Random random) {
    return Direction.fromMeanDiff(Tensor.gaussian(random, WIDTH), at(random), -1);
  }

  private static HookPoint at(Random random) {
    return new HookPoint(random.nextInt(5), Site.RESID_PRE);
  }
}
