package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;

/// Reads one activation during the forward pass, after all edits of its hook point.
@FunctionalInterface
public interface Probe {

  /// Looks at an activation.
  ///
  /// A call over many prompts runs in several batches, so a probe is called once per batch (for
  /// [Site#PATTERN] and [Site#ATTN_SCORES] once per sequence) and finds out from `rows` what it
  /// sees.
  ///
  /// @param activation of the site's shape; must not be changed, and copied if it is to be kept
  /// @param rows whose rows these are
  void observe(Tensor activation, Rows rows);
}
