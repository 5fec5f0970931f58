package dev.demur.lab.policy;

import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// Policies that mean nothing, to compare others with: they move each row as far as a policy does,
/// elsewhere.
///
/// * What is added is added along a random direction of the same norm.
/// * A map is applied with its columns shuffled and their signs drawn.
/// * What a scaling would add along V, (s−1) V Vᵀ x, is added along as many random directions U
///   instead: x + (s−1) Uᵀ V x. An affine edit and a clamp are the same with a constant.
///
/// So the dose of each edit is the policy's own, row by row, for the row that it meets; what
/// follows in later blocks is not the same row any more.
public final class RandomControl {

  private final Policy policy;
  private final int layers;
  private final Random random;
  private final Map<String, Ingredient> names;
  private final Map<String, String> drawn = new LinkedHashMap<>();
  private final Map<String, String> swapped = new LinkedHashMap<>();

  private RandomControl(Policy policy, int layers, Random random) {
    this.policy = policy;
    this.layers = layers;
    this.random = random;
    this.names = new LinkedHashMap<>(policy.ingredients());
  }

  /// The control of a policy: equal doses, places, spans and gates.
  ///
  /// @param layers of the model
  /// @param seed decides what is drawn
  public static Policy of(Policy policy, int layers, long seed) {
    var control = new RandomControl(policy, layers, new Random(seed));
    var rules = policy.rules().stream().flatMap(control::rules).toList();
    return new Policy(rules, control.names);
  }

  private Stream<Rule> rules(Rule rule) {
    return switch (rule.bare()) {
      case Operator.Add(var name, double coefficient) ->
          Stream.of(with(rule, new Operator.Add(drawn(name), coefficient)));
      case Operator.Map(var name, double factor, var from) ->
          Stream.of(with(rule, new Operator.Map(drawn(name), factor, from)));
      case Operator.Scale(var name, double factor) -> scaled(rule, name, factor);
      case Operator.Affine(var name, double coefficient) -> {
        var ace = (Ingredient.Centred) policy.ingredient(name);
        double middle = ace.centre().tensor().dotRows(ace.direction().unit()).item();
        yield set(rule, name, coefficient + middle / ace.direction().norm());
      }
      case Operator.Clamp(var name, double target) ->
          set(rule, name, target / Operations.direction(policy.ingredient(name)).norm());
      case Operator.KeepNorm _ -> throw new IllegalArgumentException("a length is kept once");
    };
  }

  /// The rule with another operator, which keeps a row's length where the rule's does.
  private static Rule with(Rule rule, Operator operator) {
    boolean keeps = rule.operator() instanceof Operator.KeepNorm;
    return new Rule(
        rule.gate(),
        rule.span(),
        rule.places(),
        keeps ? new Operator.KeepNorm(operator) : operator);
  }

  /// Takes away along a random direction what lies along the rule's own, and adds a multiple of it.
  private Stream<Rule> set(Rule rule, String name, double coefficient) {
    return Stream.of(
        with(rule, new Operator.Map(swapped(name), -1, Operator.From.ROW)),
        with(rule, new Operator.Add(drawn(name), coefficient)));
  }

  /// A scaling where it acts by itself. Where an ablation edits all that enters and all that blocks
  /// add, it finds something to take away at the first entrance alone, and so does its control.
  private Stream<Rule> scaled(Rule rule, String name, double factor) {
    var gate = Fitting.gatePlace(policy, rule);
    var named =
        rule.named(policy.ingredient(name), layers).stream()
            .filter(point -> gate.stream().allMatch(at -> Fitting.isBehind(point, at)))
            .toList();
    var sites = named.stream().map(HookPoint::site).distinct().toList();
    int first = named.getFirst().layer();
    int last = named.getLast().layer();
    var moved = with(rule, new Operator.Map(swapped(name), factor - 1, Operator.From.ROW));
    if (factor != 0 || !sites.containsAll(Places.SCALED)) {
      return Stream.of(moved.at(places(sites, first, last)));
    }
    var rest = sites.stream().filter(site -> site != Site.RESID_PRE).toList();
    return Stream.of(
        moved.at(places(List.of(Site.RESID_PRE), first, first)),
        moved.at(places(rest, first, last)));
  }

  private static Places places(List<Site> sites, int first, int last) {
    return new Places(sites, new Places.Layers.Range(first, last));
  }

  // ---- what is drawn ------------------------------------------------------------------------

  /// The name of what was drawn in an ingredient's place.
  private String drawn(String name) {
    return drawn.computeIfAbsent(name, _ -> put("random-" + name, drawn(policy.ingredient(name))));
  }

  /// The name of the map Vᵀ U from an ingredient's rows V to those drawn in their place.
  private String swapped(String name) {
    var own = policy.ingredient(name);
    var other = Optional.ofNullable(names.get(drawn(name))).orElseThrow();
    return swapped.computeIfAbsent(
        name,
        _ ->
            put(
                "swapped-" + name,
                new Ingredient.LinearMap(
                    new Numbers(rows(own).transpose(0, 1).matmul(rows(other))), own.source())));
  }

  private String put(String wanted, Ingredient ingredient) {
    String free = wanted;
    while (names.containsKey(free)) {
      free += "x";
    }
    names.put(free, ingredient);
    return free;
  }

  private Ingredient drawn(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line(var direction) -> new Ingredient.Line(drawn(direction));
      case Ingredient.Centred(var direction, _) -> new Ingredient.Line(drawn(direction));
      case Ingredient.Subspace(var basis, var source, int position) ->
          new Ingredient.Subspace(new Numbers(orthonormal(basis.tensor())), source, position);
      case Ingredient.LinearMap(var matrix, var source) ->
          new Ingredient.LinearMap(new Numbers(shuffled(matrix.tensor())), source);
      case Ingredient.Detector detector -> detector;
    };
  }

  private Direction drawn(Direction direction) {
    var raw = Tensor.gaussian(random, direction.dModel());
    return new Direction(
        raw.times(1 / raw.norm()), direction.norm(), direction.source(), direction.position());
  }

  /// V, `[k, d_model]`.
  private static Tensor rows(Ingredient ingredient) {
    return ingredient instanceof Ingredient.Subspace(var basis, _, _)
        ? basis.tensor()
        : Operations.direction(ingredient).unit().unsqueeze(0);
  }

  /// As many random rows at right angles, by Gram and Schmidt.
  private Tensor orthonormal(Tensor like) {
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

  private Tensor shuffled(Tensor matrix) {
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
