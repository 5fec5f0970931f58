package dev.demur.lab.monitor;

import dev.demur.lab.run.Progress;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
        var chunk = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
        var both = Capture.at(Site.RESID_PRE).positions(first(chunk), -1);
        try (var _ = Scope.open();
            var seen = model.run(chunk, both, HookPlan.none())) {
          take(values.narrow(2, from, chunk.size()), chunk, seen);
          scores.addAll(RefusalScore.of(seen.logits(), refusalTokens));
        }
        task.advance(chunk.size());
      }
    }
    return new PlaceActivations(values, List.copyOf(scores));
  }

  /// The first position, counted from the end, of any place of any prompt. Usually all prompts end
  /// with the same tokens of the template, so that few rows are kept.
  private static int first(List<Prompt> prompts) {
    return prompts.stream()
        .flatMapToInt(p -> Stream.of(Place.values()).mapToInt(place -> place.in(p) - p.length()))
        .min()
        .orElse(-1);
  }

  private static void take(Tensor values, List<Prompt> prompts, Activations seen) {
    for (int layer = 0; layer < values.dim(1); layer++) {
      for (int i = 0; i < prompts.size(); i++) {
        var stream = seen.get(new HookPoint(layer, Site.RESID_PRE), i);
        for (var place : Place.values()) {
          long row = stream.dim(0) + place.in(prompts.get(i)) - prompts.get(i).length();
          values.row(index(place)).row(layer).row(i).copyInPlace(stream.row(row));
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
