package dev.demur.lab.policy;

import dev.demur.model.tensor.Tensor;

/// Sees what a policy's rules do while they do it.
@FunctionalInterface
interface Watch {

  /// Sees nothing.
  Watch NOBODY = (_, _, _) -> {};

  /// @param rule which of the policy's rules, from 0
  /// @param before rows it edits, `[rows, d_model]`
  /// @param after the same rows, edited
  void seen(int rule, Tensor before, Tensor after);
}
