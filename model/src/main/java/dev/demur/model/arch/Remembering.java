package dev.demur.model.arch;

import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// How the sequences of one pass find and leave the states of a recurrent mixer.
///
/// Sequences never see one another; neighbouring sequences of equal length are run together. A
/// sequence without a past starts from a state of zeros.
///
/// @param layer index of the block
/// @param mixer whose states these are
record Remembering(int layer, Recurrent mixer, Pass pass) {

  /// Runs sequences of one length.
  @FunctionalInterface
  interface Runs {

    /// @param rows rows of each sequence
    /// @param before states the sequences begin with, each `[sequence, …]`
    Recurrent.Run run(Group rows, List<Tensor> before);
  }

  /// Neighbouring sequences of one length.
  ///
  /// @param offset their first row
  /// @param count how many
  /// @param length rows of each
  record Group(int offset, int count, int length) {

    /// Rows `[tokens, …]` as `[sequence, pos, …]`.
    Tensor of(Tensor rows) {
      long[] shape = new long[rows.rank() + 1];
      shape[0] = count;
      shape[1] = length;
      for (int dim = 1; dim < rows.rank(); dim++) {
        shape[dim + 1] = rows.dim(dim);
      }
      return rows.narrow(0, offset, (long) count * length).reshape(shape);
    }
  }

  /// Runs all sequences and keeps their states where the pass has a cache to append to.
  ///
  /// @param width elements of a row of what comes out
  /// @return `[tokens, width]`
  Tensor run(int width, Runs runs) {
    var rows = pass.rows();
    var parts = new ArrayList<Tensor>();
    for (int first = 0; first < rows.size(); ) {
      int length = rows.lengths().get(first);
      int count = rows.equallyLong(first);
      var run = runs.run(new Group(rows.offsets().get(first), count, length), before(first, count));
      if (pass.past() instanceof Past.Slots(var cache, var slots)) {
        cache.storeState(layer, slots.subList(first, first + count), run.after());
      }
      parts.add(run.out().reshape((long) count * length, width));
      first += count;
    }
    return Tensor.cat(parts, 0);
  }

  private List<Tensor> before(int first, int count) {
    return switch (pass.past()) {
      case Past.Nothing() -> mixer.kept().zeros(mixer.device(), count);
      case Past.SharedPrefix(var cache, var copies) ->
          cache.states(
              layer,
              pass.rows().sequences().subList(first, first + count).stream()
                  .map(copies::of)
                  .toList());
      case Past.Slots(var cache, var slots) ->
          cache.states(layer, slots.subList(first, first + count));
    };
  }
}
