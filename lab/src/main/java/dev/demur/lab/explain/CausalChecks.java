package dev.demur.lab.explain;

import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.CausalResult.Verdict;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.Workers;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Estimate;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Activation patching between two conditions of the same prompts: runs the prompt with its suffix,
/// puts in what single components did without it, and measures how much refusal comes back.
///
/// Positions count from the end, so only the last token, which both prompts have, is patched.
///
/// Source of the technique: Vig et al. 2020 (arXiv 2004.12265); Wang et al. 2022 (arXiv
/// 2211.00593).
public final class CausalChecks {

  private final ChatModel model;
  private final Tensor unit;
  private final Set<Integer> refusalTokens;
  private final int readout;

  /// @param unit r̂, `[d_model]`
  /// @param readout layer whose resid_pre is projected; the number of layers is the final stream
  public CausalChecks(ChatModel model, Tensor unit, Set<Integer> refusalTokens, int readout) {
    model.transformer().requireAttention("an explanation");
    this.model = model;
    this.unit = unit;
    this.refusalTokens = refusalTokens;
    this.readout = readout;
  }

  /// What a pass came to at its last token.
  ///
  /// @param score refusal score, nats
  /// @param projection at the readout
  public record Outcome(double score, double projection) {}

  /// Runs a prompt as it is.
  public Outcome run(TokenIds prompt) {
    return run(prompt, HookPlan.none());
  }

  /// Runs a prompt with a part of another prompt's pass put in.
  ///
  /// @param heads what [Patch.Kind#ALL_HEADS] means
  public Outcome patched(TokenIds prompt, TokenIds from, Patch patch, List<Component> heads) {
    try (var recording = Recording.of(model, from)) {
      return run(prompt, recording.plan(patch, prompt, heads, model.config().nLayers()));
    }
  }

  /// Every patch on every pair of prompts.
  ///
  /// @param fallen heads that write less under the condition: what attribution suggests
  CausalResult run(
      Posed plain, Posed changed, List<Component> heads, Set<Component> fallen, Progress progress) {
    var patches = patches(heads);
    var pairs = IntStream.range(0, plain.size()).boxed().toList();
    List<Pair> outcomes;
    try (var task = progress.start("causal checks", plain.size())) {
      outcomes =
          Workers.each(
              pairs,
              i -> {
                var pair = pair(prompt(plain, i), prompt(changed, i), patches, heads);
                task.advance(1);
                return pair;
              });
    }
    var before = outcomes.stream().map(Pair::before).toList();
    var after = outcomes.stream().map(Pair::after).toList();
    var rows = new ArrayList<CausalRow>();
    for (int p = 0; p < patches.size(); p++) {
      int patch = p;
      var patched = outcomes.stream().map(pair -> pair.patched().get(patch)).toList();
      rows.add(row(patches.get(p), before, after, patched, fallen));
    }
    return new CausalResult(
        changed.condition().name(),
        plain.size(),
        Estimate.ofChange(scores(after), scores(before)),
        Estimate.ofChange(projections(after), projections(before)),
        rows);
  }

  /// What a pair of prompts came to.
  ///
  /// @param before without the suffix
  /// @param after with it
  /// @param patched with each patch besides
  private record Pair(Outcome before, Outcome after, List<Outcome> patched) {}

  private Pair pair(TokenIds from, TokenIds into, List<Patch> patches, List<Component> heads) {
    try (var recording = Recording.of(model, from)) {
      int layers = model.config().nLayers();
      return new Pair(
          run(from),
          run(into),
          patches.stream()
              .map(patch -> run(into, recording.plan(patch, into, heads, layers)))
              .toList());
    }
  }

  private static TokenIds prompt(Posed posed, int index) {
    return posed.prompts().get(index).tokens();
  }

  private List<Patch> patches(List<Component> heads) {
    var all = new ArrayList<Patch>();
    for (var head : heads) {
      all.add(new Patch(Patch.Kind.HEAD, head.layer(), head.head()));
    }
    for (var head : heads) {
      all.add(new Patch(Patch.Kind.PATTERN, head.layer(), head.head()));
    }
    all.add(new Patch(Patch.Kind.ALL_HEADS, 0, 0));
    for (var kind : List.of(Patch.Kind.ATTENTION, Patch.Kind.MLP, Patch.Kind.STREAM)) {
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        all.add(new Patch(kind, layer, 0));
      }
    }
    all.add(new Patch(Patch.Kind.EVERYTHING, 0, 0));
    return all;
  }

  private Outcome run(TokenIds prompt, HookPlan edits) {
    boolean end = readout == model.config().nLayers();
    var at = new HookPoint(end ? readout - 1 : readout, end ? Site.RESID_POST : Site.RESID_PRE);
    var capture = Capture.at(at.site()).layer(at.layer()).last();
    try (var _ = Scope.open();
        var seen = model.forward().run(List.of(prompt), capture, edits)) {
      return new Outcome(
          RefusalScore.of(seen.logits(), refusalTokens).getFirst(),
          seen.get(at, 0).dotRows(unit).item());
    }
  }

  private static CausalRow row(
      Patch patch,
      List<Outcome> before,
      List<Outcome> after,
      List<Outcome> patched,
      Set<Component> fallen) {
    var score = Estimate.ofChange(scores(after), scores(patched));
    var projection = Estimate.ofChange(projections(after), projections(patched));
    return new CausalRow(
        patch,
        score,
        projection,
        share(score.mean(), Estimate.ofChange(scores(after), scores(before)).mean()),
        share(projection.mean(), Estimate.ofChange(projections(after), projections(before)).mean()),
        verdict(patch, score, projection, fallen));
  }

  private static double share(double back, double lost) {
    return lost == 0 ? 0 : back / lost;
  }

  /// An interval that covers 0 does not show that nothing comes back; it shows too little.
  static Verdict verdict(Patch patch, Estimate score, Estimate projection, Set<Component> fallen) {
    return switch (patch.kind()) {
      case HEAD, PATTERN -> {
        if (!fallen.contains(Component.head(patch.layer(), patch.head()))) {
          yield Verdict.NOT_SUGGESTED;
        }
        if (score.low() > 0 || projection.low() > 0) {
          yield Verdict.SURVIVES;
        }
        boolean away = score.high() < 0 && projection.high() < 0;
        yield away ? Verdict.DOES_NOT_SURVIVE : Verdict.NOT_SHOWN;
      }
      case ATTENTION, MLP, STREAM, ALL_HEADS, EVERYTHING -> Verdict.NOT_APPLICABLE;
    };
  }

  private static List<Double> scores(List<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::score).toList();
  }

  private static List<Double> projections(List<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::projection).toList();
  }
}
