package dev.demur.lab.explain;

import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.writer.WrittenAlong;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads prompts for what their streams hold of a direction and who wrote it: one pass each.
///
/// Belongs to the scope it was made in.
public final class DirectionReader {

  private final ChatModel model;
  private final Tensor unit;
  private final Set<Integer> refusalTokens;
  private final int positions;
  private final WrittenAlong along;

  /// @param unit r̂, `[d_model]`
  /// @param positions how many tokens from the end are read
  public DirectionReader(ChatModel model, Tensor unit, Set<Integer> refusalTokens, int positions) {
    this.model = model;
    this.unit = unit;
    this.refusalTokens = refusalTokens;
    this.positions = positions;
    this.along = WrittenAlong.of(model.transformer(), unit);
  }

  /// Reads prompts, in order.
  ///
  /// @param condition how they are put
  /// @param indices which prompts of their set they are
  /// @throws IllegalArgumentException if a prompt is shorter than the positions asked for
  public List<PromptReading> read(String condition, List<Integer> indices, List<Prompt> prompts) {
    var tokens = prompts.stream().map(Prompt::tokens).toList();
    for (int i = 0; i < prompts.size(); i++) {
      if (tokens.get(i).size() < positions) {
        throw new IllegalArgumentException(
            "prompt %d has %d tokens, fewer than the %d positions read"
                .formatted(indices.get(i), tokens.get(i).size(), positions));
      }
    }
    int layers = model.config().nLayers();
    var seen = tokens.stream().map(_ -> new Seen(layers, positions)).toList();
    try (var _ = Scope.open()) {
      var logits = model.forward().lastLogits(tokens, probes(seen));
      var scores = RefusalScore.of(logits, refusalTokens);
      return IntStream.range(0, prompts.size())
          .mapToObj(i -> seen.get(i).reading(condition, indices.get(i), scores.get(i)))
          .toList();
    }
  }

  private HookPlan probes(List<Seen> seen) {
    int layers = model.config().nLayers();
    var plan = HookPlan.none();
    for (int layer = 0; layer < layers; layer++) {
      int at = layer;
      plan =
          plan.probe(new HookPoint(layer, Site.RESID_PRE), (x, rows) -> stream(seen, at, x, rows))
              .probe(new HookPoint(layer, Site.Z), (z, rows) -> heads(seen, at, z, rows))
              .probe(new HookPoint(layer, Site.MLP_OUT), (x, rows) -> mlp(seen, at, x, rows));
    }
    return plan.probe(
        new HookPoint(layers - 1, Site.RESID_POST), (x, rows) -> stream(seen, layers, x, rows));
  }

  private void stream(List<Seen> seen, int layer, Tensor x, Rows rows) {
    try (var _ = Scope.open()) {
      double[] projections = x.dotRows(unit).toDoubles();
      double[] norms = x.square().sum(1).sqrt().toDoubles();
      for (int i = 0; i < rows.size(); i++) {
        var one = seen.get(rows.sequences().get(i));
        for (int p = 0; p < positions; p++) {
          int row = rows.end(i) - positions + p;
          one.projections[p][layer] = projections[row];
          one.norms[p][layer] = norms[row];
        }
      }
    }
  }

  private void heads(List<Seen> seen, int layer, Tensor z, Rows rows) {
    try (var _ = Scope.open()) {
      var shares = along.shares(layer, z.rows(lastRows(rows)));
      int heads = Math.toIntExact(shares.heads().dim(1));
      double[] byHead = shares.heads().toDoubles();
      double[] biases = shares.bias().toDoubles();
      for (int i = 0; i < rows.size(); i++) {
        var one = seen.get(rows.sequences().get(i));
        one.heads[layer] = Arrays.copyOfRange(byHead, i * heads, (i + 1) * heads);
        one.biases[layer] = biases[i];
      }
    }
  }

  private void mlp(List<Seen> seen, int layer, Tensor x, Rows rows) {
    try (var _ = Scope.open()) {
      double[] shares = x.rows(lastRows(rows)).dotRows(unit).toDoubles();
      for (int i = 0; i < rows.size(); i++) {
        seen.get(rows.sequences().get(i)).mlps[layer] = shares[i];
      }
    }
  }

  private static Tensor lastRows(Rows rows) {
    return Tensor.ofIndices(IntStream.range(0, rows.size()).map(i -> rows.end(i) - 1));
  }

  /// What was seen of one prompt so far; filled by the probes.
  private static final class Seen {
    private final double[][] projections;
    private final double[][] norms;
    private final double[][] heads;
    private final double[] biases;
    private final double[] mlps;

    Seen(int layers, int positions) {
      projections = new double[positions][layers + 1];
      norms = new double[positions][layers + 1];
      heads = new double[layers][];
      biases = new double[layers];
      mlps = new double[layers];
    }

    PromptReading reading(String condition, int prompt, double score) {
      return new PromptReading(
          condition,
          prompt,
          score,
          lists(projections),
          lists(norms),
          projections[projections.length - 1][0],
          lists(heads),
          list(biases),
          list(mlps));
    }

    private static List<List<Double>> lists(double[][] rows) {
      var lists = new ArrayList<List<Double>>();
      for (double[] row : rows) {
        lists.add(list(row));
      }
      return lists;
    }

    private static List<Double> list(double[] row) {
      return Arrays.stream(row).boxed().toList();
    }
  }
}
