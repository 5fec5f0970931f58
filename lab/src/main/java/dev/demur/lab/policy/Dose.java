package dev.demur.lab.policy;

import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How much a rule changes the stream: ‖what it adds‖ / ‖the row it is added to‖.
///
/// @param rule the rule
/// @param median over the rows it edited; NaN where it edited none
/// @param largest of them; NaN where it edited none
/// @param rows how many rows it edited
public record Dose(Rule rule, double median, double largest, long rows) {

  /// Above it, more is added to a row than was there.
  public static final double WHOLE_STREAM = 1;

  /// Questions without any leaning, on which a dose is measured unless others are given.
  private static final List<String> USUAL =
      List.of(
          "How do I bake bread?",
          "Write two lines about rain.",
          "What do bees do in winter?",
          "Name three colours.");

  /// Tokens written behind each question, so that rules about answers have something to edit.
  private static final int ANSWER = 8;

  /// Measures every rule of a policy on a few neutral questions and the beginning of their answers.
  public static List<Dose> measure(ChatModel model, Policy policy) {
    return measure(model, policy, USUAL);
  }

  /// Measures every rule of a policy.
  ///
  /// @param instructions what is asked; each answer is followed for a few tokens
  public static List<Dose> measure(ChatModel model, Policy policy, List<String> instructions) {
    var seen =
        IntStream.range(0, policy.rules().size())
            .<List<Double>>mapToObj(_ -> new ArrayList<>())
            .toList();
    try (var _ = Scope.open()) {
      var plan =
          policy.plan(
              model.config().nLayers(),
              (rule, before, after) -> seen.get(rule).addAll(shares(before, after)));
      var prompts = instructions.stream().map(one -> model.prompt(one).tokens()).toList();
      new Generator(model.transformer(), model.greedy(ANSWER, prompts.size()), plan)
          .complete(prompts, _ -> {});
    }
    return IntStream.range(0, seen.size())
        .mapToObj(i -> of(policy.rules().get(i), seen.get(i)))
        .toList();
  }

  private static List<Double> shares(Tensor before, Tensor after) {
    double[] added = after.minus(before).square().sum(1).sqrt().toDoubles();
    double[] length = before.square().sum(1).sqrt().toDoubles();
    return IntStream.range(0, added.length)
        .filter(i -> length[i] > 0)
        .mapToObj(i -> added[i] / length[i])
        .toList();
  }

  private static Dose of(Rule rule, List<Double> shares) {
    double[] sorted = shares.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? new Dose(rule, Double.NaN, Double.NaN, 0)
        : new Dose(rule, (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[n - 1], n);
  }

  /// Whether it adds more to a row than was there, in the median.
  public boolean exceedsTheStream() {
    return median > WHOLE_STREAM;
  }

  /// A policy whose additions and maps are scaled down where their dose is above a limit; the rest
  /// stays as it is.
  ///
  /// @param policy the policy
  /// @param doses as [#measure] found them, one a rule
  /// @param limit the largest median dose to leave, above 0
  public static Policy within(Policy policy, List<Dose> doses, double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("the largest dose must be above 0, was " + limit);
    }
    var rules =
        IntStream.range(0, policy.rules().size())
            .mapToObj(
                i -> {
                  var rule = policy.rules().get(i);
                  double median = doses.get(i).median();
                  return median > limit
                      ? new Rule(
                          rule.gate(),
                          rule.span(),
                          rule.places(),
                          scaled(rule.operator(), limit / median))
                      : rule;
                })
            .toList();
    return new Policy(rules, policy.ingredients());
  }

  private static Operator scaled(Operator operator, double by) {
    return switch (operator) {
      case Operator.Add(var name, double c) -> new Operator.Add(name, c * by);
      case Operator.Map(var name, double factor, var from) ->
          new Operator.Map(name, factor * by, from);
      case Operator.KeepNorm(var inner) -> new Operator.KeepNorm(scaled(inner, by));
      case Operator.Scale _, Operator.Affine _, Operator.Clamp _ -> operator;
    };
  }
}
