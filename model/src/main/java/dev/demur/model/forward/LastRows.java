package dev.demur.model.forward;

import dev.demur.model.hook.Copies;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers each sequence's last row out of the batches; changed by [#take].
final class LastRows {
  private final List<Tensor> rows = new ArrayList<>();
  private final long[] place;
  private int next;

  LastRows(Copies copies) {
    this.place = new long[copies.count() * copies.prompts()];
  }

  /// @param last a batch's last rows, `[sequences, d_model]`
  void take(Scope scope, Tensor last, Rows whose) {
    rows.add(scope.keep(last));
    for (int sequence : whose.sequences()) {
      place[sequence] = next++;
    }
  }

  Tensor inOrder() {
    return Tensor.cat(rows, 0).rows(Tensor.ofLongs(Arrays.stream(place)));
  }
}
