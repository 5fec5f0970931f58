package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// One edit, and what it is allowed to know.
sealed interface Change {

  Tensor apply(Tensor activation, Rows rows, Site site);

  /// Tokens at the end of a prompt that this edit tells apart from those of other prompts.
  default int ownTokens() {
    return 0;
  }

  /// The same on plain arrays, where it is arithmetic that needs no tensors.
  default Optional<PlainEdit> plain() {
    return Optional.empty();
  }

  /// Knows nothing of a row but its numbers.
  record Alike(UnaryOperator<Tensor> edit) implements Change {
    @Override
    public Tensor apply(Tensor activation, Rows rows, Site site) {
      return edit.apply(activation);
    }
  }

  /// Multiplies what a row has along a direction.
  record Scaling(Along along) implements Change {
    @Override
    public Tensor apply(Tensor activation, Rows rows, Site site) {
      return along.of(activation);
    }

    @Override
    public Optional<PlainEdit> plain() {
      return Optional.of(
          (x, rows) -> {
            for (int row = 0; row < rows.tokens(); row++) {
              along.of(x, row);
            }
          });
    }
  }

  /// Multiplies what rows have along a direction of their sequence's own; some have none.
  ///
  /// @param alongs the directions
  /// @param which tells for each row the index of its direction, −1 for none
  record Scalings(List<Along> alongs, Function<Rows, int[]> which) implements Change {
    @Override
    public Tensor apply(Tensor activation, Rows rows, Site site) {
      int[] along = which.apply(rows);
      return alongs.size() == 1 && IntStream.of(along).allMatch(index -> index == 0)
          ? alongs.getFirst().of(activation)
          : Along.each(alongs, along, activation);
    }

    @Override
    public Optional<PlainEdit> plain() {
      return Optional.of(
          (x, rows) -> {
            int[] along = which.apply(rows);
            for (int row = 0; row < along.length; row++) {
              if (along[row] >= 0) {
                alongs.get(along[row]).of(x, row);
              }
            }
          });
    }
  }

  /// Knows a row's copy.
  record ByCopy(Copies copies, Copies.CopyEdit edit) implements Change {
    @Override
    public Tensor apply(Tensor activation, Rows rows, Site site) {
      return edit.apply(activation, copies.rows(rows));
    }
  }

  /// Knows a row's prompt and position, and sees rows at some positions only.
  record At(Positions positions, Edit edit) implements Change {
    @Override
    public Tensor apply(Tensor activation, Rows rows, Site site) {
      var touched = rows.at(positions);
      if (touched.tokens() == 0) {
        return activation;
      }
      if (touched.tokens() == rows.tokens()) {
        return edit.apply(activation, rows);
      }
      int dim = site.isOfPairs() ? 1 : 0;
      var indices = Tensor.ofIndices(rows.indices(positions));
      var before = activation.select(dim, indices);
      var after = HookPlan.requireShape(before, edit.apply(before, touched), site);
      return after == before ? activation : activation.withSelected(dim, indices, after);
    }

    @Override
    public int ownTokens() {
      return positions.ownTokens();
    }
  }
}
