package dev.demur.model.arch;

import dev.demur.model.tensor.Meter;

/// A part of a pass, as [Meter] counts them.
public enum Part {
  /// Ids to the stream that enters block 0.
  EMBEDDING,
  /// What the blocks of a pass have in common: angles, masks of steps, rows of a cache.
  TABLES,
  /// Normalising, and rounding to the type of the matrices.
  NORM,
  /// Queries, keys and values by their matrices.
  QKV,
  ROTATION,
  /// From rotated queries and keys to z.
  ATTENTION,
  /// W_O.
  OUTPUT,
  /// Adding to the stream.
  RESIDUAL,
  /// W_gate and W_up, or what an MLP has of them.
  UP,
  /// The activation, and its product with W_up's.
  GATE,
  /// W_down.
  DOWN,
  /// What recurrent layers and experts do.
  OTHER_LAYERS,
  /// Edits and probes of the plan.
  HOOKS,
  UNEMBEDDING,
  /// Between the others.
  REST;

  /// Lets it begin: what follows on this thread counts as its.
  public void begins() {
    Meter.begin(this);
  }
}
