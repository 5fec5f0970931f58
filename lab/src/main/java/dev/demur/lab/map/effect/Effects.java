package dev.demur.lab.map.effect;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.policy.Dose;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.RandomControl;
import dev.demur.lab.policy.Rule;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tries every direction on every set.
///
/// @param model the model
/// @param identity what of it decides the numbers
/// @param outcome what is looked at
/// @param tokens that open refusals
/// @param config doses, scalings, controls
/// @param store remembers every reading
/// @param progress receives them
/// @param units how much of the stream a vector of length 1 is, by layer; filled as it is asked for
public record Effects(
    ChatModel model,
    ModelIdentity identity,
    Outcome outcome,
    OpeningTokens tokens,
    MapConfig config,
    RunStore store,
    Progress progress,
    Map<Integer, Double> units) {

  public Effects(
      ChatModel model,
      ModelIdentity identity,
      Outcome outcome,
      OpeningTokens tokens,
      MapConfig config,
      RunStore store,
      Progress progress) {
    this(model, identity, outcome, tokens, config, store, progress, new HashMap<>());
  }

  /// An edit and the policy that does it.
  public record Planned(Tried tried, Policy policy) {}

  /// Asks the unedited model.
  public Answered unedited(List<AskedSet> sets) throws IOException {
    return asked("unedited", Policy.none(), sets);
  }

  private Answered asked(String title, Policy policy, List<AskedSet> sets) throws IOException {
    var distinct = new LinkedHashMap<String, MapPrompt>();
    sets.forEach(set -> set.prompts().forEach(one -> distinct.putIfAbsent(one.text(), one)));
    var prompts = List.copyOf(distinct.values());
    var asking =
        new Asking(model, identity, title, policy, prompts, outcome, tokens, config.writing());
    return Answered.of(outcome, prompts, store.get(asking, progress));
  }

  /// What every planned edit changes on every set it is tried on.
  ///
  /// @param unedited what the sets gave without any edit
  public List<Effect> of(List<Planned> planned, List<AskedSet> sets, Answered unedited)
      throws IOException {
    var effects = new ArrayList<Effect>();
    for (var plan : planned) {
      var own = sets.stream().filter(set -> isTriedOn(plan.tried(), set)).toList();
      if (!own.isEmpty()) {
        var edited = asked(plan.tried().text(), plan.policy(), own);
        own.forEach(set -> effects.add(unedited.effect(plan.tried(), set, edited)));
      }
    }
    return Answered.corrected(effects);
  }

  /// Adding a direction of refusal to what is refused already shows nothing.
  private boolean isTriedOn(Tried tried, AskedSet set) {
    boolean raises = tried.way() == Way.ADDITION && tried.amount() > 0;
    return !(raises && outcome.isRefusal() && set.role() == Role.TARGET);
  }

  // ---- what is tried -------------------------------------------------------------------------

  /// Ablations of all directions, and additions at all doses, each with controls.
  public List<Planned> planned(List<Placed> placed) {
    var planned = new ArrayList<Planned>();
    for (var one : placed) {
      planned.add(
          new Planned(
              tried(Way.ABLATION, one, 0, Purpose.TRIED), Policy.ablation(one.direction())));
    }
    planned.addAll(controls(planned.getFirst()));
    for (double dose : config.doses()) {
      int first = planned.size();
      for (var one : placed) {
        planned.add(
            new Planned(tried(Way.ADDITION, one, dose, Purpose.TRIED), addition(one, dose)));
      }
      planned.addAll(controls(planned.get(first)));
    }
    return planned;
  }

  /// Adds as much of a direction where it was read as a share of the stream's median length is.
  public Policy addition(Placed one, double dose) {
    double share = units.computeIfAbsent(one.place().layer(), _ -> shareOfUnit(one.direction()));
    return Policy.addition(one.direction(), dose / (share * one.direction().norm()));
  }

  private static Tried tried(Way way, Placed one, double amount, Purpose purpose) {
    return new Tried(way, one.name(), amount, one.place().layer(), purpose);
  }

  /// The same along random directions.
  private List<Planned> controls(Planned like) {
    var controls = new ArrayList<Planned>();
    for (int i = 0; i < config.controls(); i++) {
      var tried = like.tried();
      controls.add(
          new Planned(
              new Tried(
                  tried.way(), "random " + (i + 1), tried.amount(), tried.layer(), Purpose.CONTROL),
              RandomControl.of(like.policy(), model.config().nLayers(), config.seed() + i)));
    }
    return controls;
  }

  /// How much of the stream's length adding a vector of length 1 at a direction's place is, in the
  /// median over rows.
  private double shareOfUnit(Direction direction) {
    if (!model.prompts().hasTemplate()) {
      throw new IllegalArgumentException(
          "doses are measured on neutral questions, for which "
              + model.name()
              + " has no chat template; leave doses out");
    }
    var policy = Policy.addition(direction, 1 / direction.norm());
    return Dose.measure(model, policy).getFirst().median();
  }

  /// Scalings of the component along the directions of all source layers, each with controls.
  ///
  /// @param byLayer directions of each source layer, by their names
  public List<Planned> scalings(List<Placed> byLayer) {
    var planned = new ArrayList<Planned>();
    for (double factor : config.scalings().factors()) {
      for (int layer : config.scalings().layers()) {
        int first = planned.size();
        for (var one : byLayer) {
          if (one.place().layer() == layer) {
            planned.add(
                new Planned(
                    tried(Way.SCALING, one, factor, Purpose.TRIED),
                    scaling(one.direction(), factor)));
          }
        }
        planned.addAll(controls(planned.get(first)));
      }
    }
    return planned;
  }

  /// x + (s − 1) (x·d̂) d̂ at every layer and site, for every token.
  public static Policy scaling(Direction direction, double factor) {
    return new Policy(
        List.of(Rule.of(new Operator.Scale("d", factor))),
        Map.of("d", new Ingredient.Line(direction)));
  }
}
