package dev.demur.lab.explain;

import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the last token of one prompt was made of in one pass, so that it can be put into
/// another.
final class Recording {

  private static final List<Site> SITES = List.of(Site.RESID_PRE, Site.Z, Site.MLP_OUT);

  private final TokenIds tokens;
  private final Map<HookPoint, Row> rows = new HashMap<>();

  /// The last token's part of one activation.
  private static final class Row {
    private final float[] values;
    private final long[] shape;

    Row(Tensor last) {
      this.values = last.toFloats();
      this.shape = last.shape().stream().mapToLong(Long::longValue).toArray();
    }

    Tensor tensor() {
      return Tensor.of(values, shape);
    }
  }

  private Recording(TokenIds tokens) {
    this.tokens = tokens;
  }

  /// Runs a prompt and keeps its last token's activations.
  ///
  /// @param patterns blocks whose attention patterns are kept
  static Recording of(ChatModel model, TokenIds tokens, List<Integer> patterns) {
    var recording = new Recording(tokens);
    var plan = HookPlan.none();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (var site : SITES) {
        var at = new HookPoint(layer, site);
        plan = plan.probe(at, (x, _) -> recording.keep(at, x.narrow(0, x.dim(0) - 1, 1)));
      }
    }
    for (int layer : patterns) {
      var at = new HookPoint(layer, Site.PATTERN);
      plan = plan.probe(at, (x, _) -> recording.keep(at, x.narrow(1, x.dim(1) - 1, 1)));
    }
    model.forward().run(List.of(tokens), plan);
    return recording;
  }

  private void keep(HookPoint at, Tensor last) {
    try (var _ = Scope.open()) {
      rows.put(at, new Row(last));
    }
  }

  /// The edits that put this recording into a pass over another prompt.
  ///
  /// @param into the other prompt
  /// @param heads what [Patch.Kind#ALL_HEADS] means
  HookPlan plan(Patch patch, TokenIds into, List<Component> heads, int layers) {
    int layer = patch.layer();
    return switch (patch.kind()) {
      case HEAD -> head(HookPlan.none(), layer, patch.head());
      case PATTERN -> pattern(layer, patch.head(), into);
      case ATTENTION -> last(HookPlan.none(), new HookPoint(layer, Site.Z));
      case MLP -> last(HookPlan.none(), new HookPoint(layer, Site.MLP_OUT));
      case STREAM -> last(HookPlan.none(), new HookPoint(layer, Site.RESID_PRE));
      case ALL_HEADS -> {
        var plan = HookPlan.none();
        for (var head : heads) {
          plan = head(plan, head.layer(), head.head());
        }
        yield plan;
      }
      case EVERYTHING -> {
        var plan = last(HookPlan.none(), new HookPoint(0, Site.RESID_PRE));
        for (int l = 0; l < layers; l++) {
          plan = last(last(plan, new HookPoint(l, Site.Z)), new HookPoint(l, Site.MLP_OUT));
        }
        yield plan;
      }
    };
  }

  private HookPlan last(HookPlan plan, HookPoint at) {
    return plan.edit(
        at,
        (x, _) -> {
          var changed = x.copy();
          changed.narrow(0, x.dim(0) - 1, 1).copyInPlace(tensor(at));
          return changed;
        });
  }

  private HookPlan head(HookPlan plan, int layer, int head) {
    var at = new HookPoint(layer, Site.Z);
    return plan.edit(
        at,
        (z, _) -> {
          var changed = z.copy();
          changed
              .narrow(0, z.dim(0) - 1, 1)
              .narrow(1, head, 1)
              .copyInPlace(tensor(at).narrow(1, head, 1));
          return changed;
        });
  }

  private HookPlan pattern(int layer, int head, TokenIds into) {
    var at = new HookPoint(layer, Site.PATTERN);
    return HookPlan.none()
        .edit(
            at,
            (pattern, _) -> {
              var changed = pattern.copy();
              changed
                  .row(head)
                  .narrow(0, pattern.dim(1) - 1, 1)
                  .copyInPlace(aligned(at, head, into));
              return changed;
            });
  }

  /// The head's weights laid over another prompt, `[1, key]`: those on tokens both begin or end
  /// with, and 0 on what stands between.
  private Tensor aligned(HookPoint at, int head, TokenIds into) {
    float[] row = tensor(at).row(head).toFloats();
    int front = tokens.commonPrefix(into);
    int back = 0;
    while (back < Math.min(tokens.size(), into.size()) - front
        && tokens.fromEnd(-1 - back) == into.fromEnd(-1 - back)) {
      back++;
    }
    float[] laid = new float[into.size()];
    System.arraycopy(row, 0, laid, 0, front);
    System.arraycopy(row, row.length - back, laid, laid.length - back, back);
    return Tensor.of(laid, 1, laid.length);
  }

  private Tensor tensor(HookPoint at) {
    return Optional.ofNullable(rows.get(at))
        .orElseThrow(() -> new IllegalStateException(at + " was not recorded"))
        .tensor();
  }
}
