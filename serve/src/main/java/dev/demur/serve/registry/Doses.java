package dev.demur.serve.registry;

import dev.demur.lab.policy.Dose;
import dev.demur.lab.policy.Gate;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.Rule;
import dev.demur.lab.policy.Span;
import dev.demur.model.ChatModel;
import dev.demur.serve.answer.Passes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// How much policies add to the stream, in its own lengths. An addition's dose grows with its
/// coefficient, so each kind of addition is measured once, with coefficient 1. Safe for use by
/// several threads.
final class Doses {

  private static final int KEPT = 256;

  private final ChatModel model;
  private final Map<String, Double> measured =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
          return size() > KEPT;
        }
      };

  Doses(ChatModel model) {
    this.model = model;
  }

  /// The largest median dose of a policy's additions; empty when it adds nothing.
  OptionalDouble of(Policy policy) {
    return policy.rules().stream().flatMapToDouble(rule -> of(rule, policy).stream()).max();
  }

  private OptionalDouble of(Rule rule, Policy policy) {
    return switch (bare(rule.operator())) {
      case Operator.Add(String name, double coefficient) -> {
        var once =
            new Rule(new Gate.Always(), span(rule), rule.places(), new Operator.Add(name, 1));
        yield OptionalDouble.of(
            Math.abs(coefficient) * measured(new Policy(List.of(once), policy.ingredients())));
      }
      case Operator.Scale _,
          Operator.Affine _,
          Operator.Clamp _,
          Operator.Map _,
          Operator.KeepNorm _ ->
          OptionalDouble.empty();
    };
  }

  /// Where a thought ends does not matter to how much is added to a token of it.
  private static Span span(Rule rule) {
    return rule.span().asksForThought() ? Span.ANSWER : rule.span();
  }

  private synchronized double measured(Policy once) {
    return measured.computeIfAbsent(
        once.toString(), _ -> Passes.of(() -> Dose.measure(model, once).getFirst().median()));
  }

  private static Operator bare(Operator operator) {
    return operator instanceof Operator.KeepNorm(var inner) ? inner : operator;
  }
}
