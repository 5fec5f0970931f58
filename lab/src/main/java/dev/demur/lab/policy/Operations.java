package dev.demur.lab.policy;

import dev.demur.lab.direction.Direction;
import dev.demur.model.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Operators as arithmetic on rows `[rows, d_model]`.
final class Operations {

  private Operations() {}

  /// Whether an operator changes no row.
  static boolean leavesAll(Operator operator) {
    return switch (operator) {
      case Operator.Scale(_, double factor) -> factor == 1;
      case Operator.Add(_, double coefficient) -> coefficient == 0;
      case Operator.Map(_, double factor, _) -> factor == 0;
      case Operator.Affine _, Operator.Clamp _ -> false;
      case Operator.KeepNorm(var inner) -> leavesAll(inner);
    };
  }

  /// The edit of an operator that reads the row it edits. What can be computed once is, now.
  static UnaryOperator<Tensor> of(Operator operator, Policy policy) {
    return of(operator, policy, Optional.empty());
  }

  /// The edit of an operator that reads other rows.
  ///
  /// @param from the row to map, for each row that is edited
  static UnaryOperator<Tensor> of(Operator operator, Policy policy, Tensor from) {
    return of(operator, policy, Optional.of(from));
  }

  private static UnaryOperator<Tensor> of(Operator operator, Policy policy, Optional<Tensor> from) {
    var ingredient = policy.ingredient(operator.name());
    return switch (operator) {
      case Operator.Scale(_, double factor) -> scale(ingredient, factor);
      case Operator.Add(_, double coefficient) -> {
        var shift = direction(ingredient).raw().times(coefficient);
        yield x -> x.plus(shift);
      }
      case Operator.Affine(_, double coefficient) -> affine(ingredient, coefficient);
      case Operator.Clamp(_, double target) -> {
        var unit = direction(ingredient).unit();
        var shift = unit.times(target);
        yield x -> without(x, unit).plus(shift);
      }
      case Operator.Map(_, double factor, _) -> {
        var matrix = ((Ingredient.LinearMap) ingredient).matrix().tensor();
        yield x -> x.plus(from.orElse(x).matmul(matrix).times(factor));
      }
      case Operator.KeepNorm(var inner) -> {
        var edit = of(inner, policy, from);
        yield x -> atLengthOf(x, edit.apply(x));
      }
    };
  }

  private static UnaryOperator<Tensor> scale(Ingredient ingredient, double factor) {
    if (ingredient instanceof Ingredient.Subspace(var basis, _, _)) {
      var rows = basis.tensor();
      var across = rows.transpose(0, 1);
      return x -> x.plus(x.matmul(across).times(factor - 1).matmul(rows));
    }
    var unit = direction(ingredient).unit();
    return x -> x.plusOuter(x.dotRows(unit).times(factor - 1), unit);
  }

  private static UnaryOperator<Tensor> affine(Ingredient ingredient, double coefficient) {
    if (!(ingredient instanceof Ingredient.Centred(var direction, var centre))) {
      throw new IllegalArgumentException("an affine edit needs a centre");
    }
    var unit = direction.unit();
    double middle = centre.tensor().dotRows(unit).item();
    var shift = unit.times(middle).plus(direction.raw().times(coefficient));
    return x -> without(x, unit).plus(shift);
  }

  /// The direction that an ingredient is.
  ///
  /// @throws IllegalArgumentException if it is none
  static Direction direction(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line(var direction) -> direction;
      case Ingredient.Centred(var direction, _) -> direction;
      case Ingredient.Subspace _, Ingredient.LinearMap _, Ingredient.Detector _ ->
          throw new IllegalArgumentException("expected a direction, was " + ingredient);
    };
  }

  /// `x − (x·r̂) r̂` as a rank-1 update.
  private static Tensor without(Tensor x, Tensor unit) {
    return x.plusOuter(x.dotRows(unit).times(-1), unit);
  }

  /// The rows of `after`, each as long as that of `before`; rows of zeros stay.
  private static Tensor atLengthOf(Tensor before, Tensor after) {
    var was = lengths(before);
    var is = lengths(after);
    // 1 where a row is 0, so that nothing is divided by 0.
    var zero = is.isEqual(0).to(is.dtype());
    return after.times(was.dividedBy(is.plus(zero)).unsqueeze(1));
  }

  private static Tensor lengths(Tensor rows) {
    return rows.square().sum(1).sqrt();
  }
}
