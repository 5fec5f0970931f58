package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;

/// Replaces the rows of one activation during the forward pass, each on its own: a row's result
/// depends on that row, its prompt and its position, never on its neighbours, which differ from
/// batch to batch.
@FunctionalInterface
public interface Edit {

  /// Returns the activation to use from here on.
  ///
  /// @param activation of the site's shape, packed rows; for [Site#PATTERN] and [Site#ATTN_SCORES]
  ///   `[head, query, key]` of one sequence, whose rows are the queries. It must not be changed,
  ///   nor kept after return
  /// @param rows whose rows these are
  /// @return a tensor of the same shape, or `activation` itself to leave it unchanged
  Tensor apply(Tensor activation, Rows rows);
}
