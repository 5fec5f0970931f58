package dev.demur.lab.activations;

import dev.demur.model.hook.Site;
import java.util.List;

/// What is to be written of every prompt.
///
/// @param sites which activations; may be empty when logits are wanted
/// @param layers of which blocks
/// @param positions of which tokens, in this order
/// @param logits whether the final logits are wanted
/// @param form how prompts share tensors
public record ActivationRequest(
    List<Site> sites, Places layers, Places positions, Logits logits, Form form) {

  /// How prompts share tensors.
  public enum Form {
    /// They do not: each has its own.
    BY_PROMPT,
    /// One tensor a place, `[prompt, …]`.
    STACKED
  }

  /// Whether final logits are written.
  public enum Logits {
    /// They are not.
    LEFT_OUT,
    /// At the positions asked for.
    WRITTEN
  }

  public ActivationRequest {
    sites = sites.stream().distinct().toList();
    if (sites.isEmpty() && logits == Logits.LEFT_OUT) {
      throw new IllegalArgumentException("neither a site nor logits are asked for");
    }
  }
}
