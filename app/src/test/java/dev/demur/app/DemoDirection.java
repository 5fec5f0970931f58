package dev.demur.app;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A difference of means, in any model; usually over the demo model's mild prompts.
public final class DemoDirection {

  private static final int PROMPTS = 32;

  private DemoDirection() {}

  /// The direction entering one layer, at the last token.
  public static Direction of(ChatModel model, int layer) throws IOException {
    return of(model, layer, ReleasedLayout.at(DemoModel.prompts()));
  }

  /// The same over other prompts.
  public static Direction of(ChatModel model, int layer, ReleasedLayout layout) throws IOException {
    return at(layer, means(model, layout));
  }

  /// The directions entering each layer but the first, where the two sets do not differ yet.
  static Map<Integer, Direction> byLayer(ChatModel model, ReleasedLayout layout)
      throws IOException {
    var means = means(model, layout);
    return IntStream.range(1, Math.toIntExact(means.dim(0)))
        .boxed()
        .collect(Collectors.toMap(layer -> layer, layer -> at(layer, means)));
  }

  /// A direction file of a model, in `folder`.
  public static Path write(String name, int layer, Path folder) throws IOException {
    Path file = folder.resolve("direction.safetensors");
    try (var _ = Scope.open();
        var model = ChatModel.load(name)) {
      new DirectionFile(
              of(model, layer),
              new Provenance(model.name(), model.files().weightsHash(), "0", "test"))
          .write(file);
    }
    return file;
  }

  /// Differences of means at the last token, `[layer, d_model]`.
  private static Tensor means(ChatModel model, ReleasedLayout layout) throws IOException {
    return CandidateGrid.between(
            mean(model, layout.harmful(Split.TRAIN).instructions()),
            mean(model, layout.harmless(Split.TRAIN).instructions()))
        .meanDiffs()
        .row(0);
  }

  private static Direction at(int layer, Tensor means) {
    return Direction.fromMeanDiff(
        means.row(layer), new HookPoint(layer, Site.RESID_PRE), /* position= */ -1);
  }

  private static Tensor mean(ChatModel model, List<String> instructions) {
    var prompts = instructions.stream().limit(PROMPTS).map(t -> model.prompt(t).tokens()).toList();
    var kept = PromptActivations.of(model.forward(), prompts, 1, HookPlan.none());
    return PromptActivations.mean(
        kept.values(), IntStream.range(0, prompts.size()).boxed().toList());
  }
}
