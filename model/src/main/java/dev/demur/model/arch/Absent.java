package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import java.util.List;
import java.util.Optional;

/// Says why something does not exist in a model.
final class Absent {

  private Absent() {}

  /// Why there is no such place.
  static String place(List<Block> blocks, HookPoint point) {
    if (point.layer() >= blocks.size()) {
      return point + " does not exist: layers are 0 to " + (blocks.size() - 1);
    }
    return switch (point.site()) {
      case RESID_MID ->
          point
              + " does not exist: attention and MLP of this model's blocks both read resid_pre;"
              + " use resid_pre or resid_post";
      case MLP_POST ->
          point + " does not exist: each token of this model has experts of its own; use mlp_out";
      case Q, K, V, ATTN_SCORES, PATTERN, PATTERN_LAST ->
          point + " does not exist: " + insteadOfAttention(blocks.get(point.layer()));
      case RESID_PRE, ATTN_OUT, MLP_OUT, RESID_POST, Z, LN_FINAL ->
          point + " does not exist in this model";
    };
  }

  private static String insteadOfAttention(Block block) {
    var borrowed = Lent.borrowed(block);
    return borrowed.isPresent()
        ? "attention there looks at keys and values of layer "
            + borrowed.getAsInt()
            + "; name that layer"
        : "layer "
            + block.layer()
            + " has a recurrence instead of attention and keeps no token apart; use z or attn_out";
  }

  /// See [Transformer#unsplittable].
  static Optional<String> fromSplits(List<Block> blocks) {
    return blocks.stream().flatMap(block -> fromSplit(block).stream()).findFirst();
  }

  private static Optional<String> fromSplit(Block block) {
    if (!(block.mixer() instanceof Attention)) {
      return Optional.of(
          "the attention pattern of every layer, and all that it writes; layer "
              + block.layer()
              + " of this model has a recurrence "
              + (block.mixer() instanceof Beside ? "beside it" : "instead"));
    }
    if (block.ending().scale() != 1) {
      return Optional.of(
          "a stream that is the sum of what was written to it; layer "
              + block.layer()
              + " of this model multiplies the whole stream with "
              + block.ending().scale());
    }
    var borrowed = Lent.borrowed(block);
    return borrowed.isPresent()
        ? Optional.of(
            "the values that every layer looks at; layer "
                + block.layer()
                + " of this model looks at those of layer "
                + borrowed.getAsInt())
        : Optional.empty();
  }
}
