package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Computes the value of an expression.
final class Evaluator {

  private final Rendering rendering;
  private final Arithmetic arithmetic;
  private final Comparisons comparisons;
  private final Subscripts subscripts;

  Evaluator(Rendering rendering) {
    this.rendering = rendering;
    this.arithmetic = new Arithmetic(rendering);
    this.comparisons = new Comparisons(rendering);
    this.subscripts = new Subscripts(rendering);
  }

  Object value(Expr expression, Scope scope) {
    rendering.enter();
    Object value = compute(expression, scope);
    rendering.leave();
    return value;
  }

  // No record is taken apart here: every variable would make each level of recursion larger.
  private Object compute(Expr expression, Scope scope) {
    return switch (expression) {
      case Expr.Const constant -> constant.value();
      case Expr.Name name -> scope.get(name.name());
      case Expr.Attribute a -> Attributes.attribute(value(a.object(), scope), a.name());
      case Expr.Item item -> item(item, scope);
      case Expr.Slice _ -> throw TemplateException.wrongType("a slice is not an index");
      case Expr.ListOf list -> values(list.items(), scope);
      case Expr.TupleOf tuple -> Tuple.of(values(tuple.items(), scope));
      case Expr.DictOf dict -> dict(dict.pairs(), scope);
      case Expr.Call call ->
          call(value(call.function(), scope), arguments(call.arguments(), scope));
      case Expr.Filter filter -> filter(filter, scope);
      case Expr.Test test -> test(test, scope);
      case Expr.Not not -> !truth(not.value(), scope);
      case Expr.Negative number -> arithmetic.negated(value(number.value(), scope));
      case Expr.Positive number -> arithmetic.positive(value(number.value(), scope));
      case Expr.Binary binary ->
          arithmetic.apply(
              binary.operator(), value(binary.left(), scope), value(binary.right(), scope));
      case Expr.And and -> and(and, scope);
      case Expr.Or or -> or(or, scope);
      case Expr.Compare compare -> compare(compare.first(), compare.rest(), scope);
      case Expr.Concat concat -> concat(concat.parts(), scope);
      case Expr.Conditional conditional -> conditional(conditional, scope);
    };
  }

  private Object item(Expr.Item item, Scope scope) {
    Object object = value(item.object(), scope);
    if (!(item.index() instanceof Expr.Slice slice)) {
      return subscripts.item(object, value(item.index(), scope));
    }
    // jinja2 folds a slice of a literal while compiling, where a failure is an undefined value.
    if (item.object() instanceof Expr.Const && !Subscripts.hasSlices(object)) {
      return new Undefined(Values.typeWithPlace(object) + " has no element slice");
    }
    return subscripts.slice(
        object,
        optional(slice.from(), scope),
        optional(slice.to(), scope),
        optional(slice.step(), scope));
  }

  private Object test(Expr.Test test, Scope scope) {
    Object tested = value(test.value(), scope);
    return Tests.holds(rendering, test.name(), tested, arguments(test.arguments(), scope));
  }

  private Object and(Expr.And and, Scope scope) {
    Object first = value(and.left(), scope);
    return Values.truth(first) ? value(and.right(), scope) : first;
  }

  private Object or(Expr.Or or, Scope scope) {
    Object first = value(or.left(), scope);
    return Values.truth(first) ? first : value(or.right(), scope);
  }

  boolean truth(Expr expression, Scope scope) {
    return Values.truth(value(expression, scope));
  }

  private Optional<Object> optional(Optional<Expr> expression, Scope scope) {
    return expression.map(e -> value(e, scope)).filter(v -> v != None.NONE);
  }

  private List<Object> values(List<Expr> expressions, Scope scope) {
    rendering.allocateItems(expressions.size());
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(value(expression, scope));
    }
    return values;
  }

  private Dict dict(List<Expr.Pair> pairs, Scope scope) {
    rendering.allocateItems(4L * pairs.size());
    Dict dict = new Dict();
    for (Expr.Pair pair : pairs) {
      dict.put(value(pair.key(), scope), value(pair.value(), scope));
    }
    return dict;
  }

  private Object compare(Expr first, List<Expr.Comparison> rest, Scope scope) {
    Object left = value(first, scope);
    for (Expr.Comparison comparison : rest) {
      Object right = value(comparison.right(), scope);
      if (!comparisons.holds(comparison.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object concat(List<Expr> parts, Scope scope) {
    Output output = new Output(rendering);
    for (Expr part : parts) {
      output.write(Printer.str(rendering, value(part, scope)));
    }
    return output.text();
  }

  private Object conditional(Expr.Conditional conditional, Scope scope) {
    if (truth(conditional.condition(), scope)) {
      return value(conditional.yes(), scope);
    }
    return conditional.no().isPresent()
        ? value(conditional.no().get(), scope)
        : new Undefined(
            "the inline if-expression on line "
                + conditional.line()
                + " evaluated to false and no else section was defined.");
  }

  /// Calls a value.
  Object call(Object function, Arguments arguments) {
    arguments.payFor(rendering);
    return switch (function) {
      case Invocable invocable -> invocable.call(rendering, arguments);
      case LoopContext loop -> loop.recursed(arguments.single("loop"));
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw TemplateException.wrongType(
              "'" + Values.typeName(function) + "' object is not callable");
    };
  }

  Arguments arguments(Expr.CallArguments written, Scope scope) {
    List<Object> positional = new ArrayList<>();
    for (Expr argument : written.positional()) {
      positional.add(value(argument, scope));
    }
    written.list().ifPresent(list -> positional.addAll(Values.list(rendering, value(list, scope))));
    SequencedMap<String, Object> named = new LinkedHashMap<>();
    for (Expr.Keyword keyword : written.keywords()) {
      named.put(keyword.name(), value(keyword.value(), scope));
    }
    written
        .dict()
        .ifPresent(
            dict -> {
              Object value = value(dict, scope);
              rendering.allocateItems(Values.extent(value));
              addAll(value, named);
            });
    return new Arguments(positional, named);
  }

  private static void addAll(Object value, SequencedMap<String, Object> named) {
    if (!(value instanceof Dict dict)) {
      throw TemplateException.wrongType(
          "argument after ** must be a mapping, not " + Values.typeName(value));
    }
    for (Object item : dict.items()) {
      Tuple pair = (Tuple) item;
      if (!Values.isText(pair.items().get(0))) {
        throw TemplateException.wrongType("keywords must be strings");
      }
      String name = Values.text(pair.items().get(0));
      if (named.put(name, pair.items().get(1)) != null) {
        throw TemplateException.wrongType(
            "got multiple values for keyword argument '" + name + "'");
      }
    }
  }

  private Object filter(Expr.Filter filter, Scope scope) {
    if (filter.value().isEmpty()) {
      throw new TemplateException("filter '" + filter.name() + "' has no value");
    }
    Object value = value(filter.value().get(), scope);
    return Filters.apply(rendering, filter.name(), value, arguments(filter.arguments(), scope));
  }

  /// The value of a filter chain that starts with the text of a block.
  Object filtered(Expr.Filter filter, String body, Scope scope) {
    rendering.enter();
    Object value =
        filter.value().isPresent()
            ? filtered((Expr.Filter) filter.value().get(), body, scope)
            : body;
    rendering.leave();
    return Filters.apply(rendering, filter.name(), value, arguments(filter.arguments(), scope));
  }
}
