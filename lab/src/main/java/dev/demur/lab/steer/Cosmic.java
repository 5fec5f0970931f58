package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.model.forward.Capture;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Scores directions by the stream alone, without tokens that open a refusal: how much harmful
/// prompts look like harmless ones with a direction ablated, plus how much harmless prompts look
/// like harmful ones with it added.
///
/// What is compared is the stream behind the last prompt token, its mean over prompts and over the
/// layers where the two kinds of prompts differ most, by the cosine. A score lies between −2 and 2.
///
/// Source: COSMIC (Siu et al. 2025, arXiv 2506.00085), after its released code, which takes the
/// mean over layers before the cosine. Left out: its rule that drops late candidates of the last
/// position, and the output of the last block, which transformers gives behind the final norm.
public final class Cosmic {

  /// Share of the layers that are looked at: those with the lowest cosine.
  private static final double SHARE = 0.1;

  private final Forward forward;
  private final List<TokenIds> harmful;
  private final List<TokenIds> harmless;
  private final List<Integer> layers;
  private final Tensor likeHarmful;
  private final Tensor likeHarmless;

  /// Reads the unedited model on the prompts directions are scored on. Make it inside the scope
  /// that is to own its memory.
  ///
  /// @param layers whose outputs are compared, as [#layers(Tensor, Tensor)] finds them
  public Cosmic(
      Forward forward, List<TokenIds> harmful, List<TokenIds> harmless, List<Integer> layers) {
    this.forward = forward;
    this.harmful = List.copyOf(harmful);
    this.harmless = List.copyOf(harmless);
    this.layers = List.copyOf(layers);
    this.likeHarmful = mean(this.harmful, HookPlan.none());
    this.likeHarmless = mean(this.harmless, HookPlan.none());
  }

  /// Blocks behind which harmful and harmless prompts differ most: a tenth of them, at least one,
  /// ascending. The last block is not among them.
  ///
  /// @param harmful mean of resid_pre at the last position, `[layer, d_model]`
  /// @param harmless the same of harmless prompts
  public static List<Integer> layers(Tensor harmful, Tensor harmless) {
    int blocks = Math.toIntExact(harmful.dim(0));
    return IntStream.range(0, blocks - 1)
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                block -> cosine(harmful.row(block + 1), harmless.row(block + 1))))
        .limit(Math.max(1, (int) (SHARE * blocks)))
        .sorted()
        .toList();
  }

  /// The blocks whose outputs are compared.
  public List<Integer> layers() {
    return layers;
  }

  /// The score of a direction; the higher, the better.
  public double of(Direction direction) {
    int all = forward.transformer().config().nLayers();
    try (var _ = Scope.open()) {
      var ablated = mean(harmful, Policy.ablation(direction).plan(all));
      var added = mean(harmless, Policy.addition(direction, 1).plan(all));
      return cosine(ablated, likeHarmless) + cosine(added, likeHarmful);
    }
  }

  /// Mean over prompts and layers, float64 `[d_model]`.
  private Tensor mean(List<TokenIds> prompts, HookPlan plan) {
    try (var scope = Scope.open();
        var seen = forward.run(prompts, capture(), plan)) {
      var means = new ArrayList<Tensor>();
      for (int layer : layers) {
        var rows = seen.get(new HookPoint(layer, Site.RESID_POST));
        means.add(rows.to(DType.F64).reshape(prompts.size(), -1).mean(0));
      }
      return scope.keep(Tensor.stack(means).mean(0));
    }
  }

  private Capture capture() {
    return layers.stream()
        .map(layer -> Capture.at(Site.RESID_POST).layer(layer).last().withoutLogits())
        .reduce(Capture::and)
        .orElseThrow();
  }

  private static double cosine(Tensor one, Tensor other) {
    var a = one.to(DType.F64);
    var b = other.to(DType.F64);
    return a.dotRows(b).item() / (a.norm() * b.norm());
  }
}
