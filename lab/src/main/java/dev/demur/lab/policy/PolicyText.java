package dev.demur.lab.policy;

import dev.demur.model.hook.Site;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes rules as lines of the language. Every line parses back to the rule it was made of.
final class PolicyText {

  /// Names that need no quotes; they cannot be taken for a number or an operator's sign.
  static final Pattern PLAIN = Pattern.compile("[\\p{L}_/~.][\\p{L}\\p{Nd}_/~.:+-]*");

  private PolicyText() {}

  static String of(Rule rule) {
    var text = new StringBuilder(of(rule.operator()));
    if (rule.places().layers() instanceof Places.Layers.Range(int first, int last)) {
      text.append(first == last ? " @layer " + first : " @layers " + first + "-" + last);
    }
    if (!rule.places().sites().isEmpty()) {
      text.append(" @sites ")
          .append(
              rule.places().sites().stream().map(Site::shortName).collect(Collectors.joining(",")));
    }
    if (rule.span() != Span.EVERY) {
      text.append(" @").append(rule.span().text());
    }
    if (!(rule.gate() instanceof Gate.Always)) {
      text.append(" when ").append(of(rule.gate()));
    }
    return text.toString();
  }

  private static String of(Operator operator) {
    return switch (operator) {
      case Operator.Scale(var name, double factor) ->
          factor == 0 ? "ablate " + name(name) : "scale " + number(factor) + " " + name(name);
      case Operator.Add(var name, double c) -> "add " + times(c) + name(name);
      case Operator.Affine(var name, double a) -> "affine " + number(a) + " " + name(name);
      case Operator.Clamp(var name, double target) ->
          "clamp " + name(name) + " to " + number(target);
      case Operator.Map(var name, double factor, var from) ->
          "map "
              + times(factor)
              + name(name)
              + (from == Operator.From.LAST_PROMPT ? " from last" : "");
      case Operator.KeepNorm(var inner) -> of(inner) + " keeping norm";
    };
  }

  private static String of(Gate gate) {
    return switch (gate) {
      case Gate.Always() -> "always";
      case Gate.Above(var name, double threshold) -> name(name) + " > " + number(threshold);
      case Gate.Cosine(var name, double threshold) ->
          "cos(" + name(name) + ") > " + number(threshold);
      case Gate.Not(var inner) -> "not " + of(inner);
    };
  }

  private static String times(double factor) {
    return factor == 1 ? "" : number(factor) + " ";
  }

  /// The shortest text that parses back to the number.
  static String number(double value) {
    String text = String.valueOf(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String name(String name) {
    boolean plain =
        PLAIN.matcher(name).matches()
            && !PolicyParser.WORDS.contains(name)
            && !PolicyParser.NUMBER.matcher(name).matches();
    return plain ? name : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
