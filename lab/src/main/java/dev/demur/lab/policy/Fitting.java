package dev.demur.lab.policy;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares a policy with the shape of a model.
final class Fitting {

  private final Policy policy;
  private final int layers;
  private final List<String> problems = new ArrayList<>();

  private Fitting(Policy policy, int layers) {
    this.policy = policy;
    this.layers = layers;
  }

  static List<String> problems(Policy policy, int dModel, int layers) {
    var fitting = new Fitting(policy, layers);
    policy.ingredients().forEach((name, ingredient) -> fitting.width(name, ingredient, dModel));
    policy.rules().forEach(fitting::rule);
    return List.copyOf(fitting.problems);
  }

  private void width(String name, Ingredient ingredient, int dModel) {
    if (ingredient.dModel() != dModel) {
      problems.add(
          PolicyText.name(name)
              + " is "
              + ingredient.dModel()
              + " wide, but the stream is "
              + dModel
              + " wide");
    }
  }

  private void rule(Rule rule) {
    var gate = gatePlace(policy, rule);
    if (gate.isPresent() && !readable(rule, gate.get())) {
      return;
    }
    var named = rule.named(policy.ingredient(rule.operator().name()), layers);
    for (var point : named) {
      if (!Ingredient.isOfTheStream(point.site())) {
        problems.add(
            of(rule) + " acts at " + point + "; a policy edits the stream: name @layer or @sites");
        return;
      }
      if (point.layer() >= layers) {
        problems.add(
            of(rule) + " acts at layer " + point.layer() + ", but there are " + layers + " layers");
        return;
      }
    }
    gate.flatMap(at -> tooEarly(rule, at, named)).ifPresent(problems::add);
  }

  private boolean readable(Rule rule, HookPoint gate) {
    if (gate.layer() >= layers) {
      problems.add(
          of(rule)
              + " has a gate at layer "
              + gate.layer()
              + ", but there are "
              + layers
              + " layers");
      return false;
    }
    if (gate.site() != Site.RESID_PRE) {
      problems.add(of(rule) + " has a gate at " + gate + "; gates read resid_pre");
      return false;
    }
    return true;
  }

  /// The place a rule's gate is read at; empty when it has none.
  static Optional<HookPoint> gatePlace(Policy policy, Rule rule) {
    return rule.gateName().map(name -> policy.ingredient(name).source());
  }

  /// Why a rule acts where its gate has not been read yet; empty when it does not.
  static Optional<String> tooEarly(Rule rule, HookPoint gate, List<HookPoint> named) {
    boolean open =
        rule.bare() instanceof Operator.Scale
            && rule.places().layers() instanceof Places.Layers.Own;
    var early = named.stream().filter(point -> !isBehind(point, gate)).findFirst();
    boolean some = named.stream().anyMatch(point -> isBehind(point, gate));
    if (early.isEmpty() || (open && some)) {
      return Optional.empty();
    }
    return Optional.of(
        of(rule)
            + " acts at "
            + early.get()
            + ", before its gate is read at "
            + gate
            + "; name a later @layer or gate it with something read earlier");
  }

  /// Whether a pass comes to a place once a gate there has been read.
  static boolean isBehind(HookPoint point, HookPoint gate) {
    return point.layer() > gate.layer()
        || (point.layer() == gate.layer() && point.site().compareTo(gate.site()) >= 0);
  }

  private static String of(Rule rule) {
    return "the rule \"" + rule + "\"";
  }
}
