/// Activations of given prompts, written to a file other tools can open.
///
/// [ActivationRequest][dev.demur.lab.activations.ActivationRequest] says what is wanted,
/// [ActivationExport][dev.demur.lab.activations.ActivationExport] runs the model and writes. What
/// would not fit into memory at once is read in several passes.
@NullMarked
package dev.demur.lab.activations;

import org.jspecify.annotations.NullMarked;
