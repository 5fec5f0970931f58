package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;

/// Replaces one activation during the forward pass, every row of a sequence in the same way: not
/// all of its tokens need to be in one call. What prompts have in common is run once, and at the
/// end of the last block there may be last tokens only.
@FunctionalInterface
public interface Edit {

  /// Returns the activation to use from here on.
  ///
  /// @param activation of the site's shape, sequences packed one after the other; must not be
  ///   changed or kept after return
  /// @param packing which rows belong to which of the caller's prompts, as a [Probe] is told
  /// @return a tensor of the same shape, or `activation` itself to leave it unchanged
  Tensor apply(Tensor activation, Packing packing);
}
