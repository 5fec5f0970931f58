package dev.demur.lab.explain;

import dev.demur.lab.explain.HeadAttention.Head;
import dev.demur.lab.explain.HeadAttention.Source;
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
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;

/// Reads what heads look at from the last token of a prompt, and what they write for each token.
///
/// Belongs to the scope it was made in.
public final class AttentionReader {

  private final ChatModel model;
  private final WrittenAlong along;
  private final List<Component> heads;
  private final int sources;

  /// @param unit r̂, `[d_model]`
  /// @param heads which heads
  /// @param sources how many tokens are kept of each
  public AttentionReader(ChatModel model, Tensor unit, List<Component> heads, int sources) {
    this.model = model;
    this.along = WrittenAlong.of(model.transformer(), unit);
    this.heads = List.copyOf(heads);
    this.sources = sources;
  }

  /// Reads one prompt.
  public HeadAttention read(String condition, int index, Prompt prompt) {
    if (heads.isEmpty()) {
      return new HeadAttention(condition, index, List.of());
    }
    var layers = heads.stream().mapToInt(Component::layer).summaryStatistics();
    var capture =
        Capture.at(Site.V)
            .and(Capture.at(Site.PATTERN_LAST, Site.Z).last())
            .layers(layers.getMin(), layers.getMax())
            .withoutLogits();
    try (var _ = Scope.open();
        var seen = model.run(List.of(prompt), capture, HookPlan.none())) {
      return new HeadAttention(
          condition, index, heads.stream().map(head -> read(head, prompt, seen)).toList());
    }
  }

  private Head read(Component head, Prompt prompt, Activations seen) {
    int layer = head.layer();
    var pattern = seen.get(new HookPoint(layer, Site.PATTERN_LAST), 0); // [head, 1, key]
    var mass = pattern.reshape(pattern.dim(0), -1);
    var values = seen.get(new HookPoint(layer, Site.V), 0);
    var written = along.bySource(layer, mass, values, seen.get(new HookPoint(layer, Site.Z), 0));
    return head(
        head, prompt, mass.row(head.head()).toDoubles(), written.row(head.head()).toDoubles());
  }

  private Head head(Component head, Prompt prompt, double[] mass, double[] written) {
    var massBy = new EnumMap<Region, Double>(Region.class);
    var writtenBy = new EnumMap<Region, Double>(Region.class);
    var all = new ArrayList<Source>();
    for (int k = 0; k < mass.length; k++) {
      var region = prompt.regions().get(k);
      massBy.merge(region, mass[k], Double::sum);
      writtenBy.merge(region, written[k], Double::sum);
      String token = model.tokenizer().text(prompt.tokens().get(k));
      all.add(new Source(k, token, region, mass[k], written[k]));
    }
    all.sort(Comparator.comparingDouble(Source::mass).reversed());
    return new Head(
        head.layer(),
        head.head(),
        massBy,
        writtenBy,
        all.subList(0, Math.min(sources, all.size())));
  }
}
