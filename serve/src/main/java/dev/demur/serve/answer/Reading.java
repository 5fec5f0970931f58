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
/// token and every token of the answer. Changed by each pass, on its thread.
///
/// Beside each reading stands what directions of the same length drawn at random read in the same
/// place: x·u of a uniformly random unit vector u has mean 0 and deviation ‖x‖/√d_model, and is
/// close to normal from a few dozen dimensions on.
public final class Reading {

  /// 95 of 100 draws of a normal variable lie within so many deviations.
  private static final double BAND = 1.96;

  private static final Positions WRITING = new Positions(-1, Integer.MAX_VALUE);

  private final List<String> names;
  private final List<Direction> directions;
  private final double[][] latest;
  private final double[] band;

  /// @param directions by name
  public Reading(Map<String, Direction> directions, int layers) {
    this.names = List.copyOf(directions.keySet());
    this.directions = List.copyOf(directions.values());
    this.latest = new double[names.size()][layers];
    this.band = new double[layers];
  }

  /// Whether there is nothing to read.
  boolean isOfNothing() {
    return names.isEmpty();
  }

  /// What to put behind the edits of the sequence's plan.
  public HookPlan probes() {
    var plan = HookPlan.none();
    for (int layer = 0; !isOfNothing() && layer < band.length; layer++) {
      int at = layer;
      plan =
          plan.probeAt(
              new HookPoint(layer, Site.RESID_PRE), WRITING, (x, rows) -> read(at, x, rows));
    }
    return plan;
  }

  private void read(int layer, Tensor x, Rows rows) {
    var last = x.narrow(0, rows.tokens() - 1, 1);
    for (int i = 0; i < directions.size(); i++) {
      latest[i][layer] = last.dotRows(directions.get(i).unit()).toDoubles()[0];
    }
    band[layer] = nullBand(last);
  }

  /// How far from 0 a direction drawn at random reads in 95 of 100 draws.
  ///
  /// @param row `[1, d_model]`
  static double nullBand(Tensor row) {
    return BAND * row.norm() / Math.sqrt((double) row.dim(1));
  }

  /// What was read in the last pass.
  public List<Projection> latest() {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Projection(names.get(i), values(latest[i]), values(band)))
        .toList();
  }

  private static List<Double> values(double[] all) {
    return DoubleStream.of(all).boxed().toList();
  }
}
