package dev.demur.serve.answer;

import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Reads one sequence along some directions where its tokens are written from: the prompt's last
/// token and every token of the answer. Changed on the engine's thread, by each pass.
final class Reading {

  private static final Positions WRITING = new Positions(-1, Integer.MAX_VALUE);

  private final List<String> names;
  private final List<Direction> directions;
  private final double[][] latest;

  /// @param directions by name
  Reading(Map<String, Direction> directions, int layers) {
    this.names = List.copyOf(directions.keySet());
    this.directions = List.copyOf(directions.values());
    this.latest = new double[names.size()][layers];
  }

  /// Whether there is nothing to read.
  boolean isOfNothing() {
    return names.isEmpty();
  }

  /// What to put behind the edits of the sequence's plan.
  HookPlan probes() {
    var plan = HookPlan.none();
    for (int layer = 0; !isOfNothing() && layer < latest[0].length; layer++) {
      int at = layer;
      plan =
          plan.probeAt(
              new HookPoint(layer, Site.RESID_PRE), WRITING, (x, rows) -> read(at, x, rows));
    }
    return plan;
  }

  private void read(int layer, Tensor x, Rows rows) {
    int last = rows.tokens() - 1;
    for (int i = 0; i < directions.size(); i++) {
      latest[i][layer] = x.narrow(0, last, 1).dotRows(directions.get(i).unit()).toDoubles()[0];
    }
  }

  /// What was read in the last pass.
  List<Projection> latest() {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Projection(names.get(i), DoubleStream.of(latest[i]).boxed().toList()))
        .toList();
  }
}
