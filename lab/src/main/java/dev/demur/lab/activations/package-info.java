/// Writes activations of given prompts to a file that other tools can open.
///
/// Input: prompts and an [ActivationRequest] (sites, layers, positions). Output: a safetensors
/// file; docs/formats.md lists its tensors.
///
/// Start with [ActivationExport]. It reads in several passes what would not fit into memory at
/// once.
@NullMarked
package dev.demur.lab.activations;

import org.jspecify.annotations.NullMarked;
