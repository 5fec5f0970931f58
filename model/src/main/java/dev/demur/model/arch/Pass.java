package dev.demur.model.arch;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Packing;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// One run through the blocks: which rows belong to which sequence, what came before, what is
/// edited and read on the way.
///
/// @param packing rows of the packed sequences
/// @param past earlier tokens
/// @param plan edits and probes
public record Pass(Packing packing, Past past, HookPlan plan) {

  /// Positions of all rows, counted from the start of each sequence, past tokens included.
  List<Integer> positions() {
    return IntStream.range(0, packing.size())
        .boxed()
        .flatMap(
            i -> IntStream.range(past.start(i), past.start(i) + packing.lengths().get(i)).boxed())
        .toList();
  }

  /// Runs the plan's edits and probes at one place.
  public Tensor at(int layer, Site site, Tensor activation) {
    return plan.apply(new HookPoint(layer, site), activation, packing);
  }

  /// The same pass for each sequence's last row alone, once attention is done.
  Pass ofLastRows() {
    return new Pass(
        Packing.of(packing.sequences(), Collections.nCopies(packing.size(), 1)), past, plan);
  }

  public boolean touches(int layer, Site site) {
    return plan.touches(new HookPoint(layer, site));
  }
}
