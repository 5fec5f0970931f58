package dev.demur.lab.explain;

import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.writer.WrittenAlong;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads prompts for what their streams hold of a direction and who wrote it: one pass each.
///
/// Belongs to the scope it was made in.
public final class DirectionReader {

  /// Prompts whose activations are in memory together.
  private static final int CHUNK = 32;

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
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i).length() < positions) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "prompt %d has %d tokens, fewer than the %d positions read",
                indices.get(i),
                prompts.get(i).length(),
                positions));
      }
    }
    var readings = new ArrayList<PromptReading>();
    for (int from = 0; from < prompts.size(); from += CHUNK) {
      int to = Math.min(prompts.size(), from + CHUNK);
      try (var _ = Scope.open();
          var seen = model.run(prompts.subList(from, to), capture(), HookPlan.none())) {
        readings.addAll(readings(condition, indices.subList(from, to), seen));
      }
    }
    return List.copyOf(readings);
  }

  private Capture capture() {
    return streams(model.config().nLayers())
        .positions(-positions, -1)
        .and(Capture.at(Site.Z, Site.MLP_OUT).last());
  }

  /// The stream entering every block, and leaving the last.
  static Capture streams(int layers) {
    return Capture.at(Site.RESID_PRE).and(Capture.at(Site.RESID_POST).layer(layers - 1));
  }

  /// The stream behind so many blocks.
  static HookPoint stream(int layer, int layers) {
    return layer < layers
        ? new HookPoint(layer, Site.RESID_PRE)
        : new HookPoint(layers - 1, Site.RESID_POST);
  }

  private List<PromptReading> readings(String condition, List<Integer> indices, Activations seen) {
    int layers = model.config().nLayers();
    var streams =
        IntStream.rangeClosed(0, layers).mapToObj(l -> seen.get(stream(l, layers))).toList();
    var projections = streams.stream().map(x -> x.dotRows(unit).toDoubles()).toList();
    var norms = streams.stream().map(x -> x.square().sum(2).sqrt().toDoubles()).toList();
    var attention =
        IntStream.range(0, layers).mapToObj(l -> along.shares(l, last(seen, l, Site.Z))).toList();
    var heads = attention.stream().map(s -> s.heads().toDoubles()).toList();
    var biases = attention.stream().map(s -> s.bias().toDoubles()).toList();
    var mlps =
        IntStream.range(0, layers)
            .mapToObj(l -> last(seen, l, Site.MLP_OUT).dotRows(unit).toDoubles())
            .toList();
    var scores = RefusalScore.of(seen.logits(), refusalTokens);
    return IntStream.range(0, indices.size())
        .mapToObj(
            i ->
                new PromptReading(
                    condition,
                    indices.get(i),
                    scores.get(i),
                    positions(projections, i),
                    positions(norms, i),
                    projections.getFirst()[(i + 1) * positions - 1],
                    heads.stream().map(all -> part(all, i, indices.size())).toList(),
                    column(biases, i),
                    column(mlps, i)))
        .toList();
  }

  /// One row a prompt, `[prompt, …]`.
  private static Tensor last(Activations seen, int layer, Site site) {
    var rows = seen.get(new HookPoint(layer, site)); // [prompt, 1, …]
    return rows.transpose(0, 1).row(0);
  }

  /// @param values of each layer, `[prompt, pos]`
  private List<List<Double>> positions(List<double[]> values, int prompt) {
    return IntStream.range(0, positions)
        .mapToObj(p -> column(values, prompt * positions + p))
        .toList();
  }

  /// One value of each layer.
  private static List<Double> column(List<double[]> values, int index) {
    return values.stream().map(layer -> layer[index]).toList();
  }

  /// A prompt's share of values of all prompts.
  private static List<Double> part(double[] all, int prompt, int prompts) {
    int size = all.length / prompts;
    return Arrays.stream(all, prompt * size, (prompt + 1) * size).boxed().toList();
  }
}
