package dev.demur.lab.policy;

import java.util.Map;
import java.util.Optional;

/// Gives the ingredients of a rule other names.
final class Renaming {

  private Renaming() {}

  static Rule of(Rule rule, Map<String, String> names) {
    return new Rule(of(rule.gate(), names), rule.span(), rule.places(), of(rule.operator(), names));
  }

  private static Operator of(Operator operator, Map<String, String> names) {
    String name = renamed(operator.name(), names);
    return switch (operator) {
      case Operator.Scale(_, double factor) -> new Operator.Scale(name, factor);
      case Operator.Add(_, double coefficient) -> new Operator.Add(name, coefficient);
      case Operator.Affine(_, double coefficient) -> new Operator.Affine(name, coefficient);
      case Operator.Clamp(_, double target) -> new Operator.Clamp(name, target);
      case Operator.Map(_, double factor, var from) -> new Operator.Map(name, factor, from);
      case Operator.KeepNorm(var inner) -> new Operator.KeepNorm(of(inner, names));
    };
  }

  private static Gate of(Gate gate, Map<String, String> names) {
    return switch (gate) {
      case Gate.Always always -> always;
      case Gate.Above(var name, double threshold) ->
          new Gate.Above(renamed(name, names), threshold);
      case Gate.Cosine(var name, double threshold) ->
          new Gate.Cosine(renamed(name, names), threshold);
      case Gate.Not(var inner) -> new Gate.Not(of(inner, names));
    };
  }

  private static String renamed(String name, Map<String, String> names) {
    return Optional.ofNullable(names.get(name)).orElse(name);
  }
}
