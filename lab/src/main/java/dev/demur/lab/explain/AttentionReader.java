package dev.demur.lab.explain;

import dev.demur.lab.explain.HeadAttention.Head;
import dev.demur.lab.explain.HeadAttention.Source;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.writer.WrittenAlong;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    var found = new HashMap<Component, Head>();
    var plan = HookPlan.none();
    for (int layer : heads.stream().map(Component::layer).distinct().sorted().toList()) {
      var mine = heads.stream().filter(h -> h.layer() == layer).toList();
      var seen = new Seen(layer, mine, prompt, found);
      plan =
          plan.probe(new HookPoint(layer, Site.V), (v, _) -> seen.values = v.toFloats())
              .probe(new HookPoint(layer, Site.PATTERN_LAST), (p, _) -> seen.pattern = p.toFloats())
              .probe(new HookPoint(layer, Site.Z), (z, _) -> seen.finish(z));
    }
    model.forward().run(List.of(prompt.tokens()), plan);
    return new HeadAttention(
        condition, index, heads.stream().map(head -> required(found.get(head))).toList());
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a head that was asked for was not read");
    }
    return value;
  }

  /// One layer of one prompt; filled by the probes in the order v, pattern, z.
  private final class Seen {
    private final int layer;
    private final List<Component> mine;
    private final Prompt prompt;
    private final Map<Component, Head> found;
    private float[] values = {};
    private float[] pattern = {}; // [head, key]

    Seen(int layer, List<Component> mine, Prompt prompt, Map<Component, Head> found) {
      this.layer = layer;
      this.mine = mine;
      this.prompt = prompt;
      this.found = found;
    }

    void finish(Tensor z) {
      try (var _ = Scope.open()) {
        int keys = prompt.length();
        long allHeads = z.dim(1);
        long width = z.dim(2);
        var written =
            along.bySource(
                layer,
                Tensor.of(pattern, allHeads, keys),
                Tensor.of(values, keys, values.length / keys / width, width),
                z.narrow(0, keys - 1, 1));
        double[] shares = written.toDoubles();
        for (var head : mine) {
          int from = head.head() * keys;
          found.put(
              head,
              head(
                  head,
                  IntStream.range(0, keys).mapToDouble(k -> pattern[from + k]).toArray(),
                  Arrays.copyOfRange(shares, from, from + keys)));
        }
      }
    }

    private Head head(Component head, double[] mass, double[] written) {
      var massBy = new EnumMap<Region, Double>(Region.class);
      var writtenBy = new EnumMap<Region, Double>(Region.class);
      var all = new ArrayList<Source>();
      for (int k = 0; k < mass.length; k++) {
        var region = prompt.regions().get(k);
        massBy.merge(region, mass[k], Double::sum);
        writtenBy.merge(region, written[k], Double::sum);
        String token = model.tokenizer().token(prompt.tokens().get(k));
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
}
