package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;
import java.util.function.UnaryOperator;

/// One edit, and what it is allowed to know.
sealed interface Change {

  Tensor apply(Tensor activation, Rows rows, Site site);

  /// Tokens at the end of a prompt that this edit tells apart from those of other prompts.
  default int ownTokens() {
    return 0;
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
