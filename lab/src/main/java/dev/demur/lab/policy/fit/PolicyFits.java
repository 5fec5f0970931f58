package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.policy.Gate;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Numbers;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Places;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.Rule;
import dev.demur.lab.policy.Span;
import dev.demur.lab.policy.fit.Comparison.Candidate;
import dev.demur.lab.policy.fit.Condition.Layer;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Fits policies to a model. Tensors of what it makes belong to the caller's innermost scope.
///
/// @param model the model
/// @param sets the prompts
/// @param direction the refusal direction, which gives the place where a method has no other
public record PolicyFits(ChatModel model, FitSets sets, Direction direction) {

  /// The largest mean KL on harmless prompts a surgical direction may cost.
  private static final double MOST_KL = 0.2;

  /// Units of a map that are taken, as in the published search.
  private static final int MOST_UNITS = 7;

  /// Activations of a set, `[prompt, pos, layer, d_model]`.
  private Tensor read(List<String> instructions, int positions) {
    return PromptActivations.of(model.forward(), tokens(instructions), positions, HookPlan.none())
        .values();
  }

  private List<TokenIds> tokens(List<String> instructions) {
    return Proposals.tokens(model, instructions);
  }

  /// `[prompt, d_model]` of one place; a position counts from the end.
  private static Tensor at(Tensor values, int position, int layer) {
    return values
        .narrow(1, values.dim(1) + position, 1)
        .narrow(2, layer, 1)
        .reshape(values.dim(0), -1);
  }

  private int layers() {
    return model.config().nLayers();
  }

  private static Policy of(Rule rule, Map<String, Ingredient> names) {
    return new Policy(List.of(rule), names);
  }

  /// Affine concept editing: the component along r̂ becomes that of harmless prompts, and
  /// `coefficient` times r more.
  public Fitted ace(double coefficient) {
    int layer = direction.source().layer();
    var centre =
        at(read(sets.harmless(), -direction.position()), direction.position(), layer)
            .to(DType.F64)
            .mean(0)
            .to(DType.F32);
    var name = new Ingredient.Centred(direction, new Numbers(centre));
    var policy = of(Rule.of(new Operator.Affine("ace", coefficient)), Map.of("ace", name));
    return new Fitted(
        policy, Map.of("centre_along", centre.dotRows(direction.unit()).item(), "layer", layer));
  }

  /// The false-refusal direction ablated, at the layer where that lowers the refusal score of
  /// pseudo-harmful validation prompts most without costing more KL than [#MOST_KL].
  ///
  /// @param lambda how much of r̂ is taken out of it
  /// @param refusalTokens what the refusal score looks for
  public Fitted surgical(double lambda, Set<Integer> refusalTokens) {
    var refused = refused(FitSets.train(sets.pseudo()), refusalTokens);
    var asked = tokens(FitSets.validation(sets.pseudo()));
    if (refused.isEmpty() || asked.isEmpty()) {
      throw new IllegalArgumentException(
          "of "
              + sets.pseudo().size()
              + " pseudo-harmful prompts the model refuses "
              + refused.size()
              + " to fit on, going by the tokens that open a refusal; false refusals may open with"
              + " others");
    }
    int position = direction.position();
    var pseudo = read(refused, -position);
    var harmful = read(FitSets.train(sets.harmful()), -position);
    var harmless = read(FitSets.train(sets.harmless()), -position);
    var judge =
        new Comparison(model, asked, tokens(FitSets.validation(sets.harmless())), refusalTokens);
    Optional<Candidate> best = Optional.empty();
    for (int layer = 1; layer < SelectionRules.paper().firstPrunedLayer(layers()); layer++) {
      var like = new Direction(direction.unit(), 1, new HookPoint(layer, Site.RESID_PRE), position);
      var found =
          Surgical.direction(
              at(pseudo, position, layer),
              at(harmful, position, layer),
              at(harmless, position, layer),
              lambda,
              like);
      var candidate = judge.of(Policy.ablation(found), layer);
      if (candidate.kl() < MOST_KL
          && best.stream().noneMatch(b -> b.score() <= candidate.score())) {
        best = Optional.of(candidate);
      }
    }
    var chosen =
        best.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "at every layer, ablating the false-refusal direction costs a KL of "
                        + MOST_KL
                        + " or more on harmless prompts"));
    var facts = judge.facts(chosen);
    facts.put("refused_pseudo", refused.size());
    facts.put("cosine_with_refusal", cosine(chosen.policy()));
    return new Fitted(renamed(chosen.policy(), "w"), facts);
  }

  private static Policy renamed(Policy policy, String name) {
    var only = policy.ingredients().values().iterator().next();
    return of(Rule.of(new Operator.Scale(name, 0)), Map.of(name, only));
  }

  private double cosine(Policy policy) {
    return policy.ingredients().values().iterator().next() instanceof Ingredient.Line(var found)
        ? direction.cosine(found)
        : 0;
  }

  private List<String> refused(List<String> instructions, Set<Integer> refusalTokens) {
    if (instructions.isEmpty()) {
      return List.of();
    }
    try (var _ = Scope.open()) {
      var logits = model.forward().lastLogits(tokens(instructions), HookPlan.none());
      var scores = RefusalScore.of(logits, refusalTokens);
      return IntStream.range(0, scores.size())
          .filter(i -> scores.get(i) > 0)
          .mapToObj(instructions::get)
          .toList();
    }
  }

  /// Neighbouring layers.
  ///
  /// @param first the first
  /// @param last the last
  public record Range(int first, int last) {

    /// As it is typed: `8-12`.
    @Override
    public String toString() {
      return first + "-" + last;
    }
  }

  /// Two layers before the direction's to two behind it.
  public Range around() {
    int middle = direction.source().layer();
    return new Range(Math.max(0, middle - 2), Math.min(layers() - 1, middle + 2));
  }

  /// Null-space steering: at some layers, all prompt tokens move by a map of the last one that is
  /// the refusal vector for harmful prompts and about nothing for harmless ones.
  ///
  /// @param range its first and last layer
  /// @param space how the map is made
  /// @param gain factor of the map
  public Fitted alphaSteer(Range range, NullSpace space, double gain) {
    var harmful = read(sets.harmful(), 1);
    var harmless = read(sets.harmless(), 1);
    var rules = new ArrayList<Rule>();
    var names = new LinkedHashMap<String, Ingredient>();
    for (int layer = range.first(); layer <= range.last(); layer++) {
      var bad = at(harmful, -1, layer);
      var good = at(harmless, -1, layer);
      var r = bad.to(DType.F64).mean(0).minus(good.to(DType.F64).mean(0));
      String name = "s" + layer;
      names.put(
          name,
          new Ingredient.LinearMap(
              new Numbers(space.map(good, bad, r)), new HookPoint(layer, Site.RESID_PRE)));
      rules.add(Rule.of(new Operator.Map(name, gain, Operator.From.LAST_PROMPT)).at(Span.PROMPT));
    }
    return new Fitted(
        new Policy(rules, names),
        Map.of("layers", range.toString(), "share", space.share(), "ridge", space.ridge()));
  }

  /// The refusal direction added where a condition holds, at the first layer behind the condition
  /// that is not before the direction's own.
  ///
  /// @param coefficient of the addition
  public Fitted conditional(double coefficient) {
    var harmful = read(sets.harmful(), 1);
    var harmless = read(sets.harmless(), 1);
    int most = direction.source().layer();
    var layers =
        IntStream.rangeClosed(1, most)
            .mapToObj(l -> new Layer(l, at(harmful, -1, l), at(harmless, -1, l)))
            .toList();
    var condition = Condition.best(layers);
    var plane =
        new Ingredient.Subspace(
            new Numbers(condition.unit().unsqueeze(0)),
            new HookPoint(condition.layer(), Site.RESID_PRE),
            -1);
    Gate gate = new Gate.Cosine("c", condition.threshold());
    var rule =
        Rule.of(new Operator.Add("r", coefficient))
            .when(condition.side() == Condition.Side.ABOVE ? gate : new Gate.Not(gate));
    var policy = of(rule, Map.of("c", plane, "r", new Ingredient.Line(direction)));
    return new Fitted(
        policy,
        Map.of(
            "condition_layer", condition.layer(),
            "threshold", condition.threshold(),
            "f1", condition.f1()));
  }

  /// Several directions ablated together: of the clusters of harmful prompts where the direction
  /// was read, those that lower the refusal score of harmful validation prompts, each taken while
  /// it helps most.
  ///
  /// @param k how many clusters
  /// @param refusalTokens what the refusal score looks for
  public Fitted clusters(int k, Set<Integer> refusalTokens) {
    return chosen(
        Clusters.directions(here(sets.harmful()), here(sets.harmless()), k), k, refusalTokens);
  }

  /// The same with the units of a self-organising map for clusters, at most [#MOST_UNITS] of them.
  ///
  /// @param refusalTokens what the refusal score looks for
  public Fitted units(Set<Integer> refusalTokens) {
    var map = SelfOrganisingMap.published();
    return chosen(
        map.directions(here(sets.harmful()), here(sets.harmless())), MOST_UNITS, refusalTokens);
  }

  /// The stream of a set's training prompts where the direction was read, `[prompt, d_model]`.
  private Tensor here(List<String> set) {
    int position = direction.position();
    return at(read(FitSets.train(set), -position), position, direction.source().layer());
  }

  private Fitted chosen(Tensor all, int most, Set<Integer> refusalTokens) {
    var judge =
        new Comparison(
            model,
            tokens(FitSets.validation(sets.harmful())),
            tokens(FitSets.validation(sets.harmless())),
            refusalTokens);
    return new ForwardChoice(all, direction, judge).of(most);
  }

  /// The refusal direction added, or a clamp, where a probe is above a threshold: the monitor's
  /// bounded false-alarm rate becomes the rate of false steering.
  ///
  /// @param direction the refusal direction
  /// @param detector the probe
  /// @param threshold of its score
  /// @param coefficient of the addition
  public static Fitted gated(
      Direction direction, Ingredient.Detector detector, double threshold, double coefficient) {
    int from = Math.max(direction.source().layer(), detector.source().layer());
    var own = direction.source().layer() >= detector.source().layer();
    var rule =
        Rule.of(new Operator.Add("r", coefficient))
            .when(new Gate.Above("monitor", threshold))
            .at(own ? Places.own() : Places.layers(from, from));
    var policy = of(rule, Map.of("monitor", detector, "r", new Ingredient.Line(direction)));
    return new Fitted(policy, Map.of("threshold", threshold, "layer", from));
  }
}
