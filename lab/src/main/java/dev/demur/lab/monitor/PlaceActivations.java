package dev.demur.lab.monitor;

import dev.demur.lab.run.Progress;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// resid_pre of every layer at both places of some prompts, and their refusal scores: one pass.
///
/// @param values float32 `[place, layer, prompt, d_model]`
/// @param scores refusal scores, nats
record PlaceActivations(Tensor values, List<Double> scores) {

  private static final int CHUNK = 32;

  /// Reads prompts. Belongs to the caller's innermost scope.
  static PlaceActivations of(
      ChatModel model, List<Prompt> prompts, Set<Integer> refusalTokens, Progress progress) {
    var config = model.config();
    var values =
        Tensor.zeros(
            DType.F32, Place.values().length, config.nLayers(), prompts.size(), config.dModel());
    var scores = new ArrayList<Double>();
    try (var task = progress.start("read for probes", prompts.size())) {
      for (int from = 0; from < prompts.size(); from += CHUNK) {
        int start = from;
        var chunk = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
        var plan = HookPlan.none();
        for (int layer = 0; layer < config.nLayers(); layer++) {
          int at = layer;
          plan =
              plan.probe(
                  new HookPoint(layer, Site.RESID_PRE),
                  (x, rows) -> take(values, at, start, chunk, x, rows));
        }
        try (var _ = Scope.open()) {
          var tokens = chunk.stream().map(Prompt::tokens).toList();
          scores.addAll(RefusalScore.of(model.forward().lastLogits(tokens, plan), refusalTokens));
        }
        task.advance(chunk.size());
      }
    }
    return new PlaceActivations(values, List.copyOf(scores));
  }

  private static void take(
      Tensor values, int layer, int start, List<Prompt> prompts, Tensor x, Rows rows) {
    try (var _ = Scope.open()) {
      for (int i = 0; i < rows.size(); i++) {
        int prompt = rows.sequences().get(i);
        for (var place : Place.values()) {
          int row = rows.offsets().get(i) + place.in(prompts.get(prompt));
          values.row(index(place)).row(layer).row(start + prompt).copyInPlace(x.row(row));
        }
      }
    }
  }

  private static int index(Place place) {
    return switch (place) {
      case LAST_INSTRUCTION -> 0;
      case LAST -> 1;
    };
  }

  /// Rows of some prompts at one place and layer, `[n, d_model]`.
  Tensor rows(Place place, int layer, List<Integer> prompts) {
    return values
        .row(index(place))
        .row(layer)
        .rows(Tensor.ofIndices(prompts.stream().mapToInt(Integer::intValue)));
  }
}
