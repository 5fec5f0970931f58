package dev.demur.model.arch;

import java.util.List;

/// How a model's blocks are put together, as far as it decides what can be done with the model.
///
/// @param norm kind of its norms
/// @param placement where blocks normalise
/// @param wiring what the MLP reads
/// @param positions how it knows where a token stands
/// @param recurrent layers with a recurrence instead of attention or beside it
/// @param experts experts of the layer that has most; 0 without
/// @param expertsPerToken how many of them a token uses
public record Structure(
    NormKind norm,
    NormPlacement placement,
    Wiring wiring,
    Positions positions,
    int recurrent,
    int experts,
    int expertsPerToken) {

  /// Kinds of norms.
  public enum NormKind {
    RMS,
    LAYER
  }

  /// Where blocks normalise.
  public enum NormPlacement {
    /// What attention and MLP read.
    BEFORE,
    /// What they write.
    AFTER,
    /// Both (sandwich norms).
    BEFORE_AND_AFTER
  }

  /// What the MLP of a block reads.
  public enum Wiring {
    /// The stream with attention's output in it.
    SEQUENTIAL,
    /// What attention reads; there is no resid_mid.
    PARALLEL
  }

  /// How a model knows where a token stands.
  public enum Positions {
    ROTARY,
    LEARNT
  }

  /// The structure of a model.
  public static Structure of(Transformer model) {
    var blocks = model.blocks();
    var routed = blocks.stream().flatMap(block -> block.mlp().routed().stream()).toList();
    return new Structure(
        kind(model.finalNorm()),
        placement(blocks),
        blocks.stream().anyMatch(block -> block.wiring() == Block.Wiring.PARALLEL)
            ? Wiring.PARALLEL
            : Wiring.SEQUENTIAL,
        model.embedding().positions().isPresent() ? Positions.LEARNT : Positions.ROTARY,
        Math.toIntExact(
            blocks.stream().filter(block -> !(block.mixer() instanceof Attention)).count()),
        routed.stream().mapToInt(mixture -> mixture.experts().size()).max().orElse(0),
        routed.stream().mapToInt(mixture -> mixture.choice().perToken()).max().orElse(0));
  }

  private static NormKind kind(Norm norm) {
    return switch (norm) {
      case Norm.Layer _, Norm.LayerByHead _ -> NormKind.LAYER;
      case Norm.Rms _, Norm.Identity _ -> NormKind.RMS;
    };
  }

  private static NormPlacement placement(List<Block> blocks) {
    boolean after = blocks.stream().anyMatch(block -> isNorm(block.norms().afterAttention()));
    boolean before = blocks.stream().anyMatch(block -> isNorm(block.norms().beforeAttention()));
    if (!after) {
      return NormPlacement.BEFORE;
    }
    return before ? NormPlacement.BEFORE_AND_AFTER : NormPlacement.AFTER;
  }

  private static boolean isNorm(Norm norm) {
    return !(norm instanceof Norm.Identity);
  }
}
