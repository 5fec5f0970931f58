package dev.demur.lab.policy;

import dev.demur.model.hook.Edit;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What one gate says of each prompt of a plan. Changed whenever a prompt's token is read.
final class Decisions {

  private final Score score;
  private final int position;
  private final Map<Integer, Boolean> open = new HashMap<>();

  private Decisions(Score score, int position) {
    this.score = score;
    this.position = position;
  }

  /// Decides rows.
  private interface Score {

    /// @param rows `[prompts, d_model]`, float64
    /// @return for each whether the gate is open
    List<Boolean> of(Tensor rows);
  }

  static Decisions of(Gate gate, Policy policy) {
    return switch (gate) {
      case Gate.Always _ -> throw new IllegalArgumentException("always is no decision");
      case Gate.Above(var name, double threshold) -> {
        var ingredient = policy.ingredient(name);
        yield new Decisions(above(ingredient, threshold), position(ingredient));
      }
      case Gate.Cosine(var name, double threshold) -> {
        var ingredient = policy.ingredient(name);
        yield new Decisions(cosine(ingredient, threshold), position(ingredient));
      }
      case Gate.Not(var inner) -> {
        var other = of(inner, policy);
        yield new Decisions(
            rows -> other.score.of(rows).stream().map(is -> !is).toList(), other.position);
      }
    };
  }

  private static Score above(Ingredient ingredient, double threshold) {
    return switch (ingredient) {
      case Ingredient.Detector(var weight, double bias, _, _) ->
          linear(weight.tensor(), bias, threshold);
      case Ingredient.Line(var direction) -> linear(direction.unit(), 0, threshold);
      case Ingredient.Centred(var direction, _) -> linear(direction.unit(), 0, threshold);
      case Ingredient.Subspace _, Ingredient.LinearMap _ ->
          throw new IllegalArgumentException("expected a probe, was " + ingredient);
    };
  }

  private static Score linear(Tensor weight, double bias, double threshold) {
    var wide = weight.to(DType.F64);
    return rows -> compared(rows.dotRows(wide).toDoubles(), bias, threshold);
  }

  private static List<Boolean> compared(double[] scores, double bias, double threshold) {
    return IntStream.range(0, scores.length).mapToObj(i -> scores[i] + bias > threshold).toList();
  }

  private static Score cosine(Ingredient ingredient, double threshold) {
    var basis =
        switch (ingredient) {
          case Ingredient.Subspace(var rows, _, _) -> rows.tensor();
          case Ingredient.Line(var direction) -> direction.unit().unsqueeze(0);
          case Ingredient.Centred(var direction, _) -> direction.unit().unsqueeze(0);
          case Ingredient.LinearMap _, Ingredient.Detector _ ->
              throw new IllegalArgumentException("expected a subspace, was " + ingredient);
        };
    var across = basis.to(DType.F64).transpose(0, 1);
    return rows -> {
      double[] inside = rows.matmul(across).square().sum(1).sqrt().toDoubles();
      double[] whole = rows.square().sum(1).sqrt().toDoubles();
      for (int i = 0; i < inside.length; i++) {
        inside[i] = whole[i] == 0 ? 0 : inside[i] / whole[i];
      }
      return compared(inside, 0, threshold);
    };
  }

  private static int position(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line(var direction) -> direction.position();
      case Ingredient.Centred(var direction, _) -> direction.position();
      case Ingredient.Subspace(_, _, int position) -> position;
      case Ingredient.Detector(_, _, _, int position) -> position;
      case Ingredient.LinearMap _ ->
          throw new IllegalArgumentException("a map is read nowhere, was " + ingredient);
    };
  }

  /// The token the gate is read at, from the end of the prompt.
  int position() {
    return position;
  }

  /// Reads the gate for the prompts whose token this is, and changes nothing.
  Tensor read(Tensor x, Rows rows) {
    var said = score.of(x.to(DType.F64));
    for (int i = 0; i < rows.size(); i++) {
      open.put(rows.sequences().get(i), said.get(i));
    }
    return x;
  }

  /// An edit in those prompts alone for which the gate is open; the others keep their rows as they
  /// are.
  Edit whereOpen(Edit edit) {
    return (x, rows) -> {
      var packed = IntStream.range(0, rows.size()).filter(i -> isOpen(rows, i)).boxed().toList();
      if (packed.isEmpty()) {
        return x;
      }
      if (packed.size() == rows.size()) {
        return edit.apply(x, rows);
      }
      var indices =
          Tensor.ofIndices(
              packed.stream()
                  .flatMapToInt(i -> IntStream.range(rows.offsets().get(i), rows.end(i))));
      var before = x.select(0, indices);
      var after = edit.apply(before, only(rows, packed));
      return after == before ? x : x.withSelected(0, indices, after);
    };
  }

  private boolean isOpen(Rows rows, int packed) {
    int prompt = rows.sequences().get(packed);
    return Optional.ofNullable(open.get(prompt))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "prompt "
                        + prompt
                        + " is behind a gate that has not been read; run it from its first token"));
  }

  private static Rows only(Rows rows, List<Integer> packed) {
    var sequences = new ArrayList<Integer>();
    var lengths = new ArrayList<Integer>();
    var firsts = new ArrayList<Integer>();
    for (int i : packed) {
      sequences.add(rows.sequences().get(i));
      lengths.add(rows.lengths().get(i));
      firsts.add(rows.firsts().get(i));
    }
    return Rows.from(sequences, lengths, firsts);
  }
}
