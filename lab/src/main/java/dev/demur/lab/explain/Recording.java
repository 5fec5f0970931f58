package dev.demur.lab.explain;

import dev.demur.model.ChatModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.stream.IntStream;

/// All that the last token of one prompt was made of in one pass, so that it can be put into
/// another.
final class Recording implements AutoCloseable {

  private final TokenIds tokens;
  private final Activations activations;

  private Recording(TokenIds tokens, Activations activations) {
    this.tokens = tokens;
    this.activations = activations;
  }

  /// Runs a prompt and keeps its last token's activations.
  static Recording of(ChatModel model, TokenIds tokens) {
    var capture = Capture.at(Site.RESID_PRE, Site.Z, Site.MLP_OUT, Site.PATTERN_LAST);
    return new Recording(
        tokens,
        model.forward().run(List.of(tokens), capture.last().withoutLogits(), HookPlan.none()));
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
    return plan.editAt(at, Positions.last(), _ -> activations.get(at, 0));
  }

  private HookPlan head(HookPlan plan, int layer, int head) {
    var at = new HookPoint(layer, Site.Z);
    var own = activations.get(at, 0).narrow(1, head, 1); // [1, 1, d_head]
    return plan.editAt(
        at, Positions.last(), z -> z.withSelected(1, Tensor.ofIndices(IntStream.of(head)), own));
  }

  private HookPlan pattern(int layer, int head, TokenIds into) {
    var own = aligned(layer, head, into); // [1, 1, key]
    return HookPlan.none()
        .editAt(
            new HookPoint(layer, Site.PATTERN),
            Positions.last(),
            pattern -> pattern.withSelected(0, Tensor.ofIndices(IntStream.of(head)), own));
  }

  /// The head's weights laid over another prompt, `[1, 1, key]`: those on tokens both begin or end
  /// with, and 0 on what stands between.
  private Tensor aligned(int layer, int head, TokenIds into) {
    var at = new HookPoint(layer, Site.PATTERN_LAST);
    float[] row = activations.get(at, 0).row(head).toFloats();
    int front = tokens.commonPrefix(into);
    int back = 0;
    while (back < Math.min(tokens.size(), into.size()) - front
        && tokens.fromEnd(-1 - back) == into.fromEnd(-1 - back)) {
      back++;
    }
    float[] laid = new float[into.size()];
    System.arraycopy(row, 0, laid, 0, front);
    System.arraycopy(row, row.length - back, laid, laid.length - back, back);
    return Tensor.of(laid, 1, 1, laid.length);
  }

  @Override
  public void close() {
    activations.close();
  }
}
